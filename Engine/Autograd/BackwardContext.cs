using System.Numerics;

namespace Engine;

/// <summary>
/// The gradients around one node of the backward pass. An operation reads <see cref="OutputGradient"/> and calls <see cref="Accumulate"/>
/// for each input. Tensor operations used on the way take their memory from the tape and are not recorded.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct BackwardContext<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;
    private readonly ref readonly Node<T> _node;
    private readonly RecordedPass<T>? _recorded;

    internal BackwardContext(
        Tape<T> tape, ref readonly Node<T> node, in Tensor<T> outputGradient, RecordedPass<T>? recorded = null)
    {
        _tape = tape;
        _node = ref node;
        _recorded = recorded;
        OutputGradient = outputGradient;
    }

    /// <summary>∂loss/∂output, of the output's shape.</summary>
    public Tensor<T> OutputGradient { get; }

    /// <summary>The further inputs that the use was recorded with, beyond the three of its node.</summary>
    public ReadOnlySpan<Tensor<T>> Inputs => _tape.InputsOf(_node);

    /// <summary>The whole numbers that the use was recorded with, such as the rows that were gathered.</summary>
    public ReadOnlySpan<int> Indices => _tape.IndicesOf(_node);

    /// <summary>
    /// Whether the input's gradient is needed: it was computed from a parameter. <see cref="Accumulate"/> ignores the others, so asking
    /// only saves work.
    /// </summary>
    public bool NeedsGradient(in Tensor<T> input) => _recorded is null ? _tape.Tracks(input) : _recorded.NeedsGradient(input);

    /// <summary>Allocates memory for the contribution to an input, which <see cref="Accumulate"/> then takes without copying it.</summary>
    /// <param name="input">One of the node's inputs.</param>
    /// <param name="elements">The elements to write; they are undefined until then.</param>
    /// <exception cref="ArgumentException">The tensor is not an input of the node.</exception>
    public Tensor<T> Allocate(scoped in Tensor<T> input, out Span<T> elements) => Allocate(input, input.Shape, out elements);

    /// <summary>
    /// Allocates memory for a contribution of another shape than the input's: the shape that the input was broadcast to.
    /// </summary>
    /// <param name="input">One of the node's inputs.</param>
    /// <param name="shape">A shape that the input broadcasts to.</param>
    /// <param name="elements">The elements to write; they are undefined until then.</param>
    /// <exception cref="ArgumentException">The tensor is not an input of the node.</exception>
    public Tensor<T> Allocate(scoped in Tensor<T> input, scoped in Shape shape, out Span<T> elements)
    {
        CheckInput(input, nameof(Allocate));
        Tensor<T> contribution = _tape.AllocateContribution(input, shape);
        elements = contribution.Output;
        return contribution;
    }

    /// <summary>Adds a contribution to ∂loss/∂input. Does nothing if the input needs no gradient.</summary>
    /// <param name="input">One of the node's inputs.</param>
    /// <param name="contribution">
    /// Of the input's shape, or of one that the input was broadcast to: it is then summed back to the input's shape.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The tensor is not an input of the node, or does not broadcast to the contribution's shape.
    /// </exception>
    public void Accumulate(in Tensor<T> input, in Tensor<T> contribution) =>
        Contribute(input, contribution, isOwned: false);

    /// <summary>
    /// The memory of ∂loss/∂input, in row-major order: what has been accumulated so far, zeros at first. An operation that used only a
    /// part of the input adds its contribution to that part here. Empty if the input needs no gradient.
    /// </summary>
    /// <param name="input">One of the node's inputs.</param>
    /// <exception cref="ArgumentException">The tensor is not an input of the node.</exception>
    /// <exception cref="InvalidOperationException">
    /// The pass is recorded; or memory was allocated for the input and has not been accumulated yet.
    /// </exception>
    public Span<T> AccumulatedGradient(scoped in Tensor<T> input)
    {
        CheckInput(input, nameof(AccumulatedGradient));
        return _recorded is null
            ? _tape.AccumulatedGradient(input)
            : throw new InvalidOperationException(
                $"{_node.Op.Name}: AccumulatedGradient was asked for in a recorded pass, where memory written in place would not be "
                    + "recorded, expected Accumulate.");
    }

    /// <summary>Notes that a sink is about to get gradients: they are taken back if the pass throws.</summary>
    internal void WriteTo(IGradientSink sink) => _tape.WriteTo(sink);

    /// <summary>Records the definition of the operation and differentiates it in place of the operation.</summary>
    internal void DifferentiateDefinition()
    {
        if (_recorded is null)
        {
            throw new InvalidOperationException(
                $"{_node.Op.Name}: RecordBackward was called in a backward pass that is not recorded, expected Backward.");
        }
        int first = _tape.Count;
        _recorded.Differentiate(first, _node.Op.Definition(_node, this), OutputGradient);
    }

    /// <summary>Adds a copy of the elements, which are as many as the input's.</summary>
    internal void AccumulateCopy(in Tensor<T> input, ReadOnlySpan<T> contribution)
    {
        if (NeedsGradient(input))
        {
            Tensor<T> copy = Allocate(input, out Span<T> elements);
            contribution.CopyTo(elements);
            Accumulate(input, copy);
        }
    }

    /// <summary>
    /// As <see cref="Accumulate"/>, but takes memory that nobody reads any more, such as the output's gradient, instead of copying it.
    /// </summary>
    internal void AccumulateOwned(in Tensor<T> input, in Tensor<T> contribution) =>
        Contribute(input, contribution, isOwned: true);

    private void Contribute(in Tensor<T> input, in Tensor<T> contribution, bool isOwned)
    {
        CheckInput(input, nameof(Accumulate));
        if (_recorded is null)
        {
            _tape.Accumulate(input, contribution, isOwned);
        }
        else
        {
            _recorded.Accumulate(input, contribution);
        }
    }

    private void CheckInput(scoped in Tensor<T> input, string method)
    {
        if (input.IsDefault || _node.A.SharesMemoryWith(input) || _node.B.SharesMemoryWith(input) || _node.C.SharesMemoryWith(input))
        {
            return;
        }
        foreach (ref readonly Tensor<T> further in Inputs)
        {
            if (further.SharesMemoryWith(input))
            {
                return;
            }
        }
        throw new ArgumentException(
            $"{_node.Op.Name}: {method} got a tensor of shape {input.Shape} that is not an input of the operation, expected A, B or C of "
                + "its node or one of its further inputs.", nameof(input));
    }
}
