using System.Numerics;
using Engine.Kernels;

namespace Engine;

public sealed partial class Tape<T>
{
    /// <summary>The number of backward passes begun so far, on all threads.</summary>
    private static long s_passes;

    // the parameters whose gradients the running pass has written, with what was there before and how many had been received
    private readonly List<(Parameter<T> Parameter, Buffer<T>? Before, long Received)> _written = [];
    private readonly List<(IGradientSink Sink, int Before)> _sinks = [];
    private TapeScope<T>? _passScope;
    private Buffer<T>? _given; // the caller's gradient of the output, which is read in place
    private bool _inBackward, _backwardHasRun;
    private long _pass;
    private int _passThread;

    // of the node whose Backward is running: the first buffer it allocated, and the parameter whose gradient it is writing in place
    private int _firstOwn;
    private Parameter<T>? _inPlace;

    /// <summary>
    /// Runs the backward pass from <paramref name="loss"/>: adds ∂loss/∂p to the gradient of every parameter p that it was computed from.
    /// It takes time linear in the length of the recording, and no recursion. The parameters must still have the values of the recording:
    /// update them afterwards. If it throws, all gradients are as before.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The loss is not a scalar or was not recorded on this tape; Backward is running or has already run on this recording; a parameter
    /// has another value than the recording has read; or the tape is recording on another thread.
    /// </exception>
    /// <exception cref="NonFiniteValueException">
    /// The loss or a gradient is not finite, and <see cref="DetectsNonFinite"/> is on.
    /// </exception>
    public void Backward(in Tensor<T> loss)
    {
        if (loss.Length != 1)
        {
            throw new InvalidOperationException(
                $"Backward: got a tensor of shape {loss.Shape}, expected a scalar; take its Sum or Mean first, or pass its gradient.");
        }
        RunBackward(loss, default);
    }

    /// <summary>
    /// Runs the backward pass from <paramref name="output"/>, of any shape, whose own gradient is given: adds Σ gᵢ ∂outputᵢ/∂p to the
    /// gradient of every parameter p that it was computed from (the product of a vector with the Jacobian). If it throws, all gradients
    /// are as before.
    /// </summary>
    /// <param name="output">The tensor to start from.</param>
    /// <param name="gradient">g, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="InvalidOperationException">
    /// The output was not recorded on this tape; Backward is running or has already run on this recording; a parameter has another value
    /// than the recording has read; or the tape is recording on another thread.
    /// </exception>
    /// <exception cref="NonFiniteValueException">
    /// The output or a gradient is not finite, and <see cref="DetectsNonFinite"/> is on.
    /// </exception>
    public void Backward(in Tensor<T> output, in Tensor<T> gradient)
    {
        if (gradient.Shape != output.Shape)
        {
            throw new ArgumentException(
                $"Backward: got a gradient of shape {gradient.Shape} for an output of shape {output.Shape}, expected the same.",
                nameof(gradient));
        }
        _ = gradient.Span; // throws if it is expired
        RunBackward(output, gradient);
    }

    private void RunBackward(in Tensor<T> output, in Tensor<T> gradient)
    {
        int thread = Environment.CurrentManagedThreadId;
        CheckThread(thread);
        bool isClaimed = _scope is not { IsOpen: true };
        if (isClaimed)
        {
            Claim(nameof(Backward));
        }
        try
        {
            CheckStart(output);
            CheckForward(output);
            if (!RunPass(output, gradient, thread, checksEach: false))
            {
                RunPass(output, gradient, thread, checksEach: true);
            }
        }
        finally
        {
            // a recording that was disposed during the pass leaves the tape to it
            if (isClaimed || _scope is not { IsOpen: true })
            {
                Release();
            }
        }
    }

    /// <summary>One pass over the recording.</summary>
    /// <param name="output">The tensor to start from.</param>
    /// <param name="gradient">Its gradient, or the default.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="checksEach">Whether it throws at the first gradient that is not finite.</param>
    /// <returns>False if it was undone, since a gradient is not finite and that is to be detected.</returns>
    private bool RunPass(in Tensor<T> output, in Tensor<T> gradient, int thread, bool checksEach)
    {
        BeginPass(thread);
        try
        {
            Tensor<T> seed = Seed(output, gradient);
            if (output.Buffer.Parameter is { } parameter)
            {
                Accumulate(parameter, seed);
            }
            else
            {
                Adopt(ref _nodes[output.Buffer.Node], seed.Buffer);
                VisitNodes(output.Buffer.Node, checksEach);
            }
            if (_sites is null || checksEach || !HasNonFiniteGradient())
            {
                return true;
            }
            RestoreGradients();
            for (int i = 0; i < _count; i++)
            {
                _nodes[i].Gradient = null;
            }
            return false;
        }
        catch
        {
            RestoreGradients();
            throw;
        }
        finally
        {
            EndPass();
        }
    }

    /// <summary>
    /// The gradient to start from, 1 if none is given. A given one is read in place, unless it is the gradient of a parameter, which the
    /// pass may write.
    /// </summary>
    private Tensor<T> Seed(in Tensor<T> output, in Tensor<T> gradient)
    {
        if (!gradient.IsDefault && !gradient.Buffer.IsMutable)
        {
            _given = gradient.Buffer;
            return gradient;
        }
        Tensor<T> seed = _arena.Allocate(output.Shape);
        if (gradient.IsDefault)
        {
            seed.Output[0] = T.One;
        }
        else
        {
            gradient.Span.CopyTo(seed.Output);
        }
        return seed;
    }

    private void CheckThread(int thread)
    {
        if (_inBackward && _passThread == thread)
        {
            throw new InvalidOperationException(
                "Backward: it was called by an operation's Backward, while the backward pass of this tape is running, expected a call "
                    + "after it; a second tape may record and run its backward pass inside.");
        }
        if (_scope is { IsOpen: true } && _thread != thread)
        {
            throw new InvalidOperationException(
                "Backward: this tape is recording on another thread, expected the call on that thread or after the recording's end.");
        }
    }

    private void CheckStart(in Tensor<T> output)
    {
        Buffer<T> buffer = output.Buffer;
        bool isParameter = buffer.Parameter is { IsFrozen: false };
        if (!isParameter && (!ReferenceEquals(buffer.Arena, _arena) || buffer.Node == Buffer<T>.NoNode))
        {
            throw new InvalidOperationException(
                "Backward: got a tensor that was not recorded on this tape, expected one computed from parameters during this tape's "
                    + "recording.");
        }
        if (_backwardHasRun)
        {
            throw new InvalidOperationException(
                "Backward: it has already run on this recording; add the losses before calling it, or record the computation again.");
        }
        CheckValues(isParameter ? -1 : buffer.Node, nameof(Backward));
    }

    /// <summary>Checks that the parameters which the operations up to <paramref name="last"/> have read still have those values.</summary>
    internal void CheckValues(int last, string operation)
    {
        foreach (ParameterRead<T> read in _reads)
        {
            if (read.Node <= last && read.Parameter.ValueBuffer.Version != read.Version)
            {
                throw new InvalidOperationException(
                    $"{operation}: the value of the parameter '{read.Parameter.Name}' has changed since {_nodes[read.Node].Op.Name} read "
                        + "it in this recording, expected the same value: the gradient would be that of neither. Update parameters after "
                        + "the backward pass.");
            }
        }
    }

    private void BeginPass(int thread)
    {
        _backwardHasRun = true;
        _inBackward = true;
        _passThread = thread;
        _pass = Interlocked.Increment(ref s_passes);
        _inPlace = null;
        // operations called by Backward methods take their memory from this tape, and are not recorded on any
        Push(_passScope ??= new TapeScope<T>(this, records: false));
    }

    private void VisitNodes(int last, bool checksEach)
    {
        for (int i = last; i >= 0; i--)
        {
            ref Node<T> node = ref _nodes[i];
            if (node.Gradient is { } gradient)
            {
                _firstOwn = _arena.Count;
                _inPlace = null;
                Profile?.Mark();
                node.Op.Backward(in node, new BackwardContext<T>(this, ref node, new Tensor<T>(gradient, node.Output.Shape)));
                Profile?.AddBackward(node.Op.Name);
                if (checksEach)
                {
                    CheckBackward(i);
                }
            }
        }
    }

    private void EndPass()
    {
        _written.Clear();
        _sinks.Clear();
        _given = null;
        _inBackward = false;
        _passScope!.IsOpen = false;
        // scopes that a Backward has opened and not ended are dropped with it
        t_scope = _passScope;
        DropEndedScopes();
    }

    /// <summary>Notes that a sink is about to get gradients from the running pass.</summary>
    internal void WriteTo(IGradientSink sink) => _sinks.Add((sink, sink.Count));

    /// <summary>Undoes what the pass has written, last first.</summary>
    private void RestoreGradients()
    {
        for (int i = _sinks.Count - 1; i >= 0; i--)
        {
            _sinks[i].Sink.Truncate(_sinks[i].Before);
        }
        for (int i = _written.Count - 1; i >= 0; i--)
        {
            (Parameter<T> parameter, Buffer<T>? before, long received) = _written[i];
            if (before is null)
            {
                parameter.ClearGradient();
            }
            else
            {
                before.Span.CopyTo(parameter.GradientBuffer.Span);
                parameter.GradientBuffer.Expire();
            }
            parameter.GradientsReceived = received;
        }
    }
}
