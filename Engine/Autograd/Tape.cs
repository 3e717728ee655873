using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The recording of a computation, in order, and the backward pass over it (reverse-mode differentiation on a Wengert list: R. E. Wengert,
/// 1964). Between <see cref="Record()"/> and the disposal of what it returns, operations of this thread on tensors that were computed from
/// a <see cref="Parameter{T}"/> are recorded, and their results are in the tape's memory, which the next recording reuses. Outside a
/// recording, operations only compute.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tape<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static Tape<T>? t_current;

    private readonly Arena<T> _arena = new();
    private Node<T>[] _nodes = new Node<T>[64];
    private int _count;
    private bool _inBackward, _backwardHasRun;
    private Tape<T>? _outer;
    private int _thread;
    private long _number;

    // of the node whose Backward is running: the first buffer it allocated, and the parameter whose gradient it is writing in place
    private int _firstOwn;
    private Parameter<T>? _inPlace;

    /// <summary>The tape that records on this thread now, if any.</summary>
    internal static Tape<T>? Current => t_current;

    /// <summary>The number of operations in the current or last recording.</summary>
    public int Count => _count;

    /// <summary>The operations of the current or last recording, in order.</summary>
    internal ReadOnlySpan<Node<T>> Nodes => _nodes.AsSpan(0, _count);

    /// <summary>Begins a recording, which ends when the result is disposed. Tensors of the tape's previous recording expire.</summary>
    /// <exception cref="InvalidOperationException">This tape is recording already, or its backward pass is running.</exception>
    public Recording Record()
    {
        if (_arena.IsRecording || _inBackward)
        {
            throw new InvalidOperationException(
                "Tape.Record: this tape is in use already; dispose its recording before starting the next, or use a second tape.");
        }
        Array.Clear(_nodes, 0, _count);
        _count = 0;
        _backwardHasRun = false;
        _arena.Reclaim();
        _arena.IsRecording = true;
        _thread = Environment.CurrentManagedThreadId;
        _outer = t_current;
        t_current = this;
        return new Recording(this, ++_number);
    }

    /// <summary>The scope of a recording: <c>using (tape.Record()) { … }</c>.</summary>
    public readonly struct Recording : IDisposable
    {
        private readonly Tape<T>? _tape;
        private readonly long _number;

        internal Recording(Tape<T> tape, long number)
        {
            _tape = tape;
            _number = number;
        }

        /// <summary>
        /// Ends the recording. Its tensors keep their values until the tape's next recording. Disposing twice does nothing.
        /// </summary>
        /// <exception cref="InvalidOperationException">
        /// This is not the thread that began the recording: there may be no await inside a recording.
        /// </exception>
        public void Dispose() => _tape?.Stop(_number);
    }

    /// <summary>
    /// Allocates the memory of an operation's result: the recording tape's, which costs no heap allocation once the tape is warm, or fresh
    /// memory where none records.
    /// </summary>
    /// <param name="shape">The result's shape.</param>
    /// <param name="elements">
    /// The elements to write; they are undefined until then. Tensors are read-only afterwards: do not keep the span.
    /// </param>
    public static Tensor<T> Allocate(scoped in Shape shape, out Span<T> elements)
    {
        Tensor<T> tensor = Allocate(shape);
        elements = tensor.Output;
        return tensor;
    }

    /// <summary>
    /// Records one use of an operation, if a tape is recording and at least one of the inputs <see cref="Node{T}.A"/>,
    /// <see cref="Node{T}.B"/>, <see cref="Node{T}.C"/> was computed from a parameter. Inputs that are the default tensor are missing
    /// optional ones.
    /// </summary>
    /// <param name="node">The operation, its inputs, and what its Backward needs to know.</param>
    /// <param name="output">
    /// The result, in memory from <see cref="Allocate(in Shape, out Span{T})"/>, or the result of the operation recorded last: its
    /// gradient then goes to this operation instead.
    /// </param>
    /// <returns>The output.</returns>
    /// <exception cref="InvalidOperationException">
    /// The output is in memory that does not belong to the tape, shares memory with an input, or is the result of an earlier operation.
    /// </exception>
    public static Tensor<T> Record(in Node<T> node, in Tensor<T> output)
    {
        // all three are looked at, so that a tensor of another recording is never mistaken for a constant
        if (t_current is { _inBackward: false } tape && (tape.Tracks(node.A) | tape.Tracks(node.B) | tape.Tracks(node.C)))
        {
            tape.Append(node, output);
        }
        return output;
    }

    /// <summary>
    /// Runs the backward pass from <paramref name="loss"/>: adds ∂loss/∂p to the gradient of every parameter p that it was computed from.
    /// It takes time linear in the length of the recording, and no recursion. The parameters must still have the values of the recording:
    /// update them afterwards.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The loss is not a scalar, was not recorded on this tape, or Backward has already run on this recording.
    /// </exception>
    public void Backward(in Tensor<T> loss)
    {
        if (loss.Length != 1)
        {
            throw new InvalidOperationException(
                $"Backward: got a tensor of shape {loss.Shape}, expected a scalar; take its Sum or Mean first, or pass its gradient.");
        }
        Seed(loss).Output[0] = T.One;
        RunBackward(loss.Buffer.Node);
    }

    /// <summary>
    /// Runs the backward pass from <paramref name="output"/>, of any shape, whose own gradient is given: adds Σ gᵢ ∂outputᵢ/∂p to the
    /// gradient of every parameter p that it was computed from (the product of a vector with the Jacobian).
    /// </summary>
    /// <param name="output">The tensor to start from.</param>
    /// <param name="gradient">g, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="InvalidOperationException">
    /// The output was not recorded on this tape, or Backward has already run on this recording.
    /// </exception>
    public void Backward(in Tensor<T> output, in Tensor<T> gradient)
    {
        if (gradient.Shape != output.Shape)
        {
            throw new ArgumentException(
                $"Backward: got a gradient of shape {gradient.Shape} for an output of shape {output.Shape}, expected the same.",
                nameof(gradient));
        }
        ReadOnlySpan<T> values = gradient.Span;
        values.CopyTo(Seed(output).Output);
        RunBackward(output.Buffer.Node);
    }

    private Tensor<T> Seed(in Tensor<T> output)
    {
        Buffer<T> buffer = output.Buffer;
        if (!ReferenceEquals(buffer.Arena, _arena) || buffer.Node == Buffer<T>.NoNode)
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
        _backwardHasRun = true;
        Tensor<T> seed = _arena.Allocate(output.Shape);
        Adopt(ref _nodes[buffer.Node], seed.Buffer);
        return seed;
    }

    private void RunBackward(int last)
    {
        // operations called by Backward methods take their memory from this tape, and are not recorded on any
        Tape<T>? outer = t_current;
        t_current = this;
        _inBackward = true;
        try
        {
            for (int i = last; i >= 0; i--)
            {
                ref Node<T> node = ref _nodes[i];
                if (node.Gradient is { } gradient)
                {
                    _firstOwn = _arena.Count;
                    _inPlace = null;
                    node.Op.Backward(in node, new BackwardContext<T>(this, new Tensor<T>(gradient, node.Output.Shape)));
                }
            }
        }
        finally
        {
            _inBackward = false;
            t_current = outer;
        }
    }

    internal static Tensor<T> Allocate(in Shape shape) =>
        t_current is { } tape ? tape._arena.Allocate(shape) : Tensor<T>.Uninitialized(shape);

    /// <summary>
    /// Whether an operation on this input will be recorded: for those that compute something in the forward pass that only Backward needs.
    /// </summary>
    internal static bool WillRecord(in Tensor<T> input) => t_current is { _inBackward: false } tape && tape.Tracks(input);

    /// <summary>Whether the tensor is a parameter's value, or was computed from one in this recording.</summary>
    internal bool Tracks(in Tensor<T> tensor)
    {
        if (tensor.IsDefault)
        {
            return false;
        }
        Buffer<T> buffer = tensor.Buffer;
        if (buffer.Parameter is not null)
        {
            return true;
        }
        if (buffer.Node == Buffer<T>.NoNode)
        {
            return false;
        }
        return ReferenceEquals(buffer.Arena, _arena) || (buffer.Arena is { IsRecording: true }
            ? throw new InvalidOperationException(
                $"Tape: got a tensor of shape {tensor.Shape} that another tape is recording, expected one of this tape or a constant: "
                    + "its gradient would be lost. Clone it to use it as a constant.")
            : false);
    }

    internal Tensor<T> AllocateContribution(in Tensor<T> input, in Shape shape)
    {
        Buffer<T> buffer = input.Buffer;
        // one at a time: two inputs may be the same parameter
        if (_inPlace is null && shape.Length == buffer.Length && buffer.Parameter is { HasGradient: false } parameter)
        {
            _inPlace = parameter;
            return new Tensor<T>(parameter.GradientBuffer, shape);
        }
        return _arena.Allocate(shape);
    }

    internal void Accumulate(in Tensor<T> input, in Tensor<T> contribution, bool isOwned)
    {
        if (!Tracks(input))
        {
            return;
        }
        Tensor<T> gradient = contribution.Shape == input.Shape ? contribution : SumToShapeOf(input, contribution);
        Buffer<T> buffer = input.Buffer;
        if (buffer.Parameter is { } parameter)
        {
            Accumulate(parameter, gradient);
            return;
        }
        ref Node<T> node = ref _nodes[buffer.Node];
        if (node.Gradient is not { } sum)
        {
            // memory that somebody may still read is copied: the output's gradient, a saved tensor, the contribution to another input
            Adopt(ref node, isOwned || IsOwn(gradient.Buffer) ? gradient.Buffer : Copy(gradient));
        }
        else if (IsFromThisNode(sum))
        {
            // the operation, one tensor twice its input, may still read its first contribution
            Tensor<T> total = _arena.Allocate(input.Shape);
            Blockwise.Add<T>(sum.Span, gradient.Span, total.Output);
            Adopt(ref node, total.Buffer);
        }
        else
        {
            Blockwise.Add<T>(sum.Span, gradient.Span, sum.Span);
        }
    }

    private void Accumulate(Parameter<T> parameter, in Tensor<T> gradient)
    {
        Buffer<T> target = parameter.GradientBuffer;
        bool wasWrittenInPlace = ReferenceEquals(target, gradient.Buffer);
        if (ReferenceEquals(parameter, _inPlace))
        {
            _inPlace = wasWrittenInPlace
                ? null
                : throw new InvalidOperationException(
                    $"Accumulate: got a contribution to the parameter '{parameter.Name}' before the one that Allocate gave memory for, "
                        + "expected them in the order of allocation.");
        }
        if (parameter.HasGradient)
        {
            Blockwise.Add<T>(target.Span, gradient.Span, target.Span);
        }
        else if (!wasWrittenInPlace)
        {
            gradient.Span.CopyTo(target.Span);
        }
        parameter.MarkGradient();
    }

    private bool IsFromThisNode(Buffer<T> buffer) => ReferenceEquals(buffer.Arena, _arena) && buffer.Ordinal >= _firstOwn;

    /// <summary>Whether the running Backward allocated the buffer and has not contributed it yet.</summary>
    private bool IsOwn(Buffer<T> buffer) => IsFromThisNode(buffer) && !buffer.IsGradient;

    private static void Adopt(ref Node<T> node, Buffer<T> gradient)
    {
        gradient.IsGradient = true;
        node.Gradient = gradient;
    }

    private Buffer<T> Copy(in Tensor<T> tensor)
    {
        Tensor<T> copy = _arena.Allocate(tensor.Shape);
        tensor.Span.CopyTo(copy.Output);
        return copy.Buffer;
    }

    /// <summary>Undoes broadcasting, once for all operations.</summary>
    private Tensor<T> SumToShapeOf(in Tensor<T> input, in Tensor<T> contribution)
    {
        Shape shape = input.Shape;
        if (!shape.BroadcastsTo(contribution.Shape))
        {
            throw new ArgumentException(
                $"Accumulate: got a contribution of shape {contribution.Shape} for an input of shape {shape}, expected that shape or one "
                    + "it broadcasts to.", nameof(contribution));
        }
        if (contribution.Length == shape.Length)
        {
            return contribution;
        }
        Tensor<T> sum = _arena.Allocate(shape);
        int needed = Broadcasting.Scratch(contribution.Shape.Extents, shape.Extents);
        Span<T> scratch = needed == 0 ? [] : _arena.Allocate([needed]).Output;
        Broadcasting.SumTo(contribution.Span, contribution.Shape.Extents, sum.Output, shape.Extents, scratch);
        return sum;
    }

    private void Append(in Node<T> node, in Tensor<T> output)
    {
        Buffer<T> buffer = output.Buffer;
        CheckOutput(node, buffer);
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _count);
        }
        buffer.Node = _count;
        _nodes[_count] = node;
        _nodes[_count].Output = output;
        _count++;
    }

    private void CheckOutput(in Node<T> node, Buffer<T> buffer)
    {
        if (!ReferenceEquals(buffer.Arena, _arena))
        {
            throw new InvalidOperationException(
                $"{node.Op.Name}: got an output in memory that does not belong to the recording tape, expected memory from "
                    + "Tape.Allocate, which is reclaimed with the recording.");
        }
        if (node.A.Uses(buffer) || node.B.Uses(buffer) || node.C.Uses(buffer))
        {
            throw new InvalidOperationException(
                $"{node.Op.Name}: got an output that shares its memory with an input, expected memory of its own from Tape.Allocate.");
        }
        // what was recorded after a result may have used it, and would contribute to the gradient of this node after its Backward has run
        if (buffer.Node != Buffer<T>.NoNode && buffer.Node != _count - 1)
        {
            throw new InvalidOperationException(
                $"{node.Op.Name}: got an output that is the result of an earlier {_nodes[buffer.Node].Op.Name}, expected memory from "
                    + "Tape.Allocate or the result of the last operation.");
        }
    }

    private void Stop(long number)
    {
        if (_arena.IsRecording && number == _number)
        {
            if (Environment.CurrentManagedThreadId != _thread)
            {
                throw new InvalidOperationException(
                    "Tape: got the end of a recording on another thread than its beginning, expected the same: there may be no await "
                        + "inside a recording.");
            }
            _arena.IsRecording = false;
            // a recording that ends before one it contains leaves that one running
            while (t_current is { _arena.IsRecording: false, _inBackward: false } ended)
            {
                t_current = ended._outer;
                ended._outer = null;
            }
        }
    }
}
