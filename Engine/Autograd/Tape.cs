using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The record of a computation, in order, and the walk back over it (reverse-mode differentiation on a Wengert list: R. E. Wengert, 1964).
/// Between <see cref="Record"/> and the disposal of what it returns, operations of this thread on tensors that lead back to a <see cref="Parameter{T}"/> are recorded,
/// and their results live in the tape's memory, which the next recording uses again. Outside, operations only compute.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tape<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static Tape<T>? t_current;

    private readonly Arena<T> _arena = new();
    private Node<T>[] _nodes = new Node<T>[64];
    private int _count;
    private bool _recording, _walked;
    private Tape<T>? _outer;
    private int _thread;
    private long _number;

    /// <summary>The tape that records on this thread now, if any.</summary>
    internal static Tape<T>? Current => t_current;

    /// <summary>How many operations the last recording holds.</summary>
    public int Count => _count;

    /// <summary>Begins a recording; it ends when the result is disposed. Tensors of the recording before are over from now on.</summary>
    /// <exception cref="InvalidOperationException">This tape records already.</exception>
    public Recording Record()
    {
        if (_recording)
        {
            throw new InvalidOperationException("Tape.Record: this tape records already; dispose the recording before the next, or use a second tape.");
        }
        Array.Clear(_nodes, 0, _count);
        _count = 0;
        _walked = false;
        _arena.Reset();
        _recording = true;
        _thread = Environment.CurrentManagedThreadId;
        _outer = t_current;
        t_current = this;
        return new Recording(this, ++_number);
    }

    /// <summary>The length of a recording: <c>using (tape.Record()) { … }</c>.</summary>
    public readonly struct Recording : IDisposable
    {
        private readonly Tape<T>? _tape;
        private readonly long _number;

        internal Recording(Tape<T> tape, long number)
        {
            _tape = tape;
            _number = number;
        }

        /// <summary>Ends the recording. Its tensors hold their values until the tape's next one. A second time does nothing.</summary>
        /// <exception cref="InvalidOperationException">This is another thread than the one that began it: there may be no await inside a recording.</exception>
        public void Dispose() => _tape?.Stop(_number);
    }

    /// <summary>
    /// Walks the recording back from <paramref name="loss"/> and adds ∂loss/∂p to the gradient of every parameter p that it was computed from.
    /// Takes time linear in the recording, and no recursion. The parameters must still have the values of the recording: change them after the walk, not before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loss is not a scalar, was not recorded on this tape, or the recording was walked back already.</exception>
    public void Backward(in Tensor<T> loss)
    {
        if (loss.Length != 1)
        {
            throw new InvalidOperationException($"Backward: got a tensor of shape {loss.Shape}, expected a scalar; take its Sum or Mean first, or give its gradient.");
        }
        Seed(loss).Output[0] = T.One;
        Walk(loss.Buffer.Node);
    }

    /// <summary>
    /// Walks the recording back from <paramref name="output"/>, of any shape, whose own gradient is given: adds Σ gᵢ ∂outputᵢ/∂p to the gradient of every parameter p
    /// that it was computed from (the product of a vector with the Jacobian).
    /// </summary>
    /// <param name="output">What the walk starts from.</param>
    /// <param name="gradient">g, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The output was not recorded on this tape, or the recording was walked back already.</exception>
    public void Backward(in Tensor<T> output, in Tensor<T> gradient)
    {
        if (gradient.Shape != output.Shape)
        {
            throw new ArgumentException($"Backward: got a gradient of shape {gradient.Shape} for an output of shape {output.Shape}, expected the same.", nameof(gradient));
        }
        ReadOnlySpan<T> values = gradient.Span;
        values.CopyTo(Seed(output).Output);
        Walk(output.Buffer.Node);
    }

    private Tensor<T> Seed(in Tensor<T> output)
    {
        Buffer<T> buffer = output.Buffer;
        if (!ReferenceEquals(buffer.Recording, this))
        {
            throw new InvalidOperationException("Backward: got a tensor that was not recorded on this tape, expected a loss that was computed from parameters while the tape records.");
        }
        if (_walked)
        {
            throw new InvalidOperationException("Backward: this recording was walked back already; record the computation again.");
        }
        _walked = true;
        Tensor<T> seed = _arena.New(output.Shape);
        _nodes[buffer.Node].Gradient = seed.Buffer;
        return seed;
    }

    private void Walk(int last)
    {
        // what the walk itself computes is not part of the record
        Tape<T>? outer = t_current;
        t_current = null;
        try
        {
            for (int i = last; i >= 0; i--)
            {
                ref Node<T> node = ref _nodes[i];
                if (node.Gradient is { } gradient)
                {
                    node.Op.Backward(in node, new Flow<T>(this, new Tensor<T>(gradient, node.Output.Shape)));
                }
            }
        }
        finally
        {
            t_current = outer;
        }
    }

    /// <summary>Memory for an operation's result: the recording tape's, or fresh where none records.</summary>
    internal static Tensor<T> New(in Shape shape) => t_current is { } tape ? tape._arena.New(shape) : Tensor<T>.Uninitialized(shape);

    /// <summary>Whether an operation on these inputs must be recorded: a tape records, and one of them leads back to a parameter.</summary>
    internal static bool Records(in Tensor<T> a) => t_current is { } tape && tape.Tracks(a);

    /// <summary>Puts a use of an operation on the recording tape.</summary>
    internal static void Add(in Node<T> node, in Tensor<T> output) => t_current!.Append(node, output);

    internal bool Tracks(in Tensor<T> tensor)
    {
        Buffer<T> buffer = tensor.Buffer;
        if (buffer.Parameter is not null || ReferenceEquals(buffer.Recording, this))
        {
            return true;
        }
        return buffer.Recording is Tape<T> { _recording: true }
            ? throw new InvalidOperationException($"Tape: got a tensor of shape {tensor.Shape} that another tape is recording, expected one of this tape or a value: its gradient would be lost. Clone it to use it as a constant.")
            : false;
    }

    internal Tensor<T> BeginContribution(in Tensor<T> input, in Shape shape)
    {
        Buffer<T> buffer = input.Buffer;
        return shape.Length == buffer.Length && buffer.Parameter is { HasGradient: false } parameter
            ? new Tensor<T>(parameter.GradientBuffer, shape)
            : _arena.New(shape);
    }

    internal void EndContribution(in Tensor<T> input, in Tensor<T> contribution)
    {
        Buffer<T> buffer = input.Buffer;
        Tensor<T> gradient = contribution;
        if (contribution.Length != buffer.Length)
        {
            gradient = Reduce(contribution, input.Shape);
        }
        if (buffer.Parameter is { } parameter)
        {
            Accumulate(parameter, gradient);
            return;
        }
        ref Node<T> node = ref _nodes[buffer.Node];
        if (node.Gradient is { } earlier)
        {
            Blockwise.Add(earlier.Span, gradient.Span);
        }
        else
        {
            node.Gradient = gradient.Buffer;
        }
    }

    private static void Accumulate(Parameter<T> parameter, in Tensor<T> gradient)
    {
        Buffer<T> target = parameter.GradientBuffer;
        if (parameter.HasGradient)
        {
            Blockwise.Add(target.Span, gradient.Span);
        }
        else if (!ReferenceEquals(target, gradient.Buffer)) // else it was written in place
        {
            gradient.Span.CopyTo(target.Span);
        }
        parameter.MarkGradient();
    }

    private Tensor<T> Reduce(in Tensor<T> contribution, in Shape shape)
    {
        Tensor<T> reduced = _arena.New(shape);
        int needed = Broadcasting.Scratch(contribution.Shape.Extents, shape.Extents);
        Span<T> scratch = needed == 0 ? [] : _arena.New([needed]).Output;
        Broadcasting.SumTo(contribution.Span, contribution.Shape.Extents, reduced.Output, shape.Extents, scratch);
        return reduced;
    }

    private void Append(in Node<T> node, in Tensor<T> output)
    {
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _count);
        }
        Buffer<T> buffer = output.Buffer;
        buffer.Recording = this;
        buffer.Node = _count;
        _nodes[_count] = node;
        _nodes[_count].Output = output;
        _count++;
    }

    private void Stop(long number)
    {
        if (_recording && number == _number)
        {
            if (Environment.CurrentManagedThreadId != _thread)
            {
                throw new InvalidOperationException("Tape: a recording was to end on another thread than it began on, expected the same: there may be no await inside a recording.");
            }
            _recording = false;
            // a recording that ends before one it contains leaves that one running
            while (t_current is { _recording: false } ended)
            {
                t_current = ended._outer;
                ended._outer = null;
            }
        }
    }
}
