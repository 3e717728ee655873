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

    internal BackwardContext(Tape<T> tape, ref readonly Node<T> node, in Tensor<T> outputGradient)
    {
        _tape = tape;
        _node = ref node;
        OutputGradient = outputGradient;
    }

    /// <summary>∂loss/∂output, of the output's shape.</summary>
    public Tensor<T> OutputGradient { get; }

    /// <summary>
    /// Whether the input was computed from a parameter. <see cref="Accumulate"/> ignores the others, so asking only saves work.
    /// </summary>
    public bool NeedsGradient(in Tensor<T> input) => _tape.Tracks(input);

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
        _tape.Accumulate(input, contribution, isOwned);
    }

    private void CheckInput(scoped in Tensor<T> input, string method)
    {
        if (!input.IsDefault && !_node.A.SharesMemoryWith(input) && !_node.B.SharesMemoryWith(input) && !_node.C.SharesMemoryWith(input))
        {
            throw new ArgumentException(
                $"{_node.Op.Name}: {method} got a tensor of shape {input.Shape} that is not an input of the operation, expected A, B or "
                    + "C of its node.", nameof(input));
        }
    }
}
