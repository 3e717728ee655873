using System.Numerics;

namespace Engine;

/// <summary>
/// The recorded backward pass: visits the operations in reverse order, as <see cref="Tape{T}.Backward(in Tensor{T})"/> does, and computes
/// every gradient by recorded operations.
/// </summary>
internal sealed class RecordedGradients<T> : RecordedPass<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;

    /// <summary>The pass around this one, if this is the pass over an operation's definition, which begins at node _first.</summary>
    private readonly RecordedGradients<T>? _outer;
    private readonly int _first;

    /// <summary>The gradients so far, by the memory of the parameter or result that they belong to.</summary>
    private readonly Dictionary<Buffer<T>, Tensor<T>> _gradients = [];

    /// <summary>What was asked for, and all results that were computed from it.</summary>
    private readonly HashSet<Buffer<T>> _needed = [];

    /// <summary>A pass that computes the gradients of <paramref name="inputs"/>.</summary>
    public RecordedGradients(Tape<T> tape, ReadOnlySpan<Tensor<T>> inputs)
    {
        _tape = tape;
        foreach (ref readonly Tensor<T> input in inputs)
        {
            _needed.Add(input.Buffer);
        }
    }

    private RecordedGradients(RecordedGradients<T> outer, int first)
    {
        _tape = outer._tape;
        _outer = outer;
        _first = first;
    }

    /// <summary>The gradient of what was asked for; the default tensor if the output does not depend on it.</summary>
    public Tensor<T> this[in Tensor<T> input] => _gradients.GetValueOrDefault(input.Buffer);

    /// <summary>Runs the pass from an output and its gradient on.</summary>
    public void Run(in Tensor<T> output, in Tensor<T> gradient)
    {
        int last = output.Buffer.Node;
        for (int i = _first; i <= last; i++)
        {
            MarkNeeded(_tape.Nodes[i]);
        }
        Accumulate(output, gradient);
        for (int i = last; i >= _first; i--)
        {
            // a copy: the pass records operations, and the tape's array may move
            Node<T> node = _tape.Nodes[i];
            // an operation may take over the result of the one before it, and gets its gradient
            if (node.Output.Buffer.Node == i && _gradients.TryGetValue(node.Output.Buffer, out Tensor<T> g))
            {
                node.Op.RecordBackward(in node, new BackwardContext<T>(_tape, in node, g, this));
            }
        }
    }

    /// <inheritdoc/>
    public override bool NeedsGradient(in Tensor<T> input) =>
        !input.IsDefault && (_needed.Contains(input.Buffer) || (_outer is not null && _outer.NeedsGradient(input)));

    /// <inheritdoc/>
    public override void Accumulate(in Tensor<T> input, in Tensor<T> contribution)
    {
        if (!NeedsGradient(input))
        {
            return;
        }
        Buffer<T> buffer = input.Buffer;
        if (_outer is not null && (buffer.Parameter is not null || buffer.Node < _first))
        {
            _outer.Accumulate(input, contribution);
            return;
        }
        Tape<T>.CheckContribution(input.Shape, contribution.Shape);
        Shape shape = buffer.Parameter is { } parameter ? parameter.Shape : _tape.Nodes[buffer.Node].Output.Shape;
        Tensor<T> gradient = SumTo(contribution, input.Shape).Reshape(shape);
        _gradients[buffer] = _gradients.TryGetValue(buffer, out Tensor<T> sum) ? sum + gradient : gradient;
    }

    /// <inheritdoc/>
    public override void Differentiate(int first, in Tensor<T> definition, in Tensor<T> gradient) =>
        new RecordedGradients<T>(this, first).Run(definition, gradient);

    /// <summary>Undoes broadcasting.</summary>
    private static Tensor<T> SumTo(in Tensor<T> contribution, in Shape shape)
    {
        if (contribution.Shape == shape)
        {
            return contribution;
        }
        Span<int> axes = stackalloc int[Shape.MaxRank];
        int count = 0, added = contribution.Shape.Rank - shape.Rank;
        for (int axis = 0; axis < contribution.Shape.Rank; axis++)
        {
            if (axis < added || (shape[axis - added] == 1 && contribution.Shape[axis] != 1))
            {
                axes[count++] = axis;
            }
        }
        return contribution.Sum(axes[..count]).Reshape(shape);
    }

    private void MarkNeeded(in Node<T> node)
    {
        bool isNeeded = NeedsGradient(node.A) || NeedsGradient(node.B) || NeedsGradient(node.C);
        foreach (ref readonly Tensor<T> input in _tape.InputsOf(node))
        {
            isNeeded |= NeedsGradient(input);
        }
        if (isNeeded)
        {
            _needed.Add(node.Output.Buffer);
        }
    }
}
