using System.Numerics;

namespace Engine;

/// <summary>
/// An operation that the tape can walk back: one object for all its uses, without state. What a use needs — inputs, output, attributes — stands in its <see cref="Node{T}"/>.
/// </summary>
public abstract class Op<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The operation's name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Adds to the gradients of the inputs what the output's gradient gives them (the chain rule).</summary>
    /// <param name="node">This use.</param>
    /// <param name="flow">The output's gradient, and where the inputs' gradients go.</param>
    protected internal abstract void Backward(in Node<T> node, in Flow<T> flow);
}

/// <summary>One use of an operation on a tape.</summary>
public struct Node<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The operation.</summary>
    public Op<T> Op { get; init; }

    /// <summary>The first input.</summary>
    public Tensor<T> A { get; init; }

    /// <summary>The second input, if there is one.</summary>
    public Tensor<T> B { get; init; }

    /// <summary>The third input, if there is one.</summary>
    public Tensor<T> C { get; init; }

    /// <summary>What the forward computation wants to find again: statistics, masks.</summary>
    public Tensor<T> Saved { get; init; }

    /// <summary>A number that belongs to the use: an axis, a factor.</summary>
    public double Attribute { get; init; }

    /// <summary>Anything else that belongs to the use.</summary>
    public object? Extra { get; init; }

    /// <summary>The result.</summary>
    public Tensor<T> Output { get; internal set; }

    internal Buffer<T>? Gradient { get; set; }
}

/// <summary>
/// The gradients around one node in the backward walk. For each input that <see cref="Wants"/> a gradient, an operation takes the memory from <c>Begin</c>, writes
/// (never adds) its contribution there, and calls <see cref="End"/>. A contribution of the output's shape is summed back to a smaller input there, once for all operations.
/// </summary>
public readonly ref struct Flow<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;

    internal Flow(Tape<T> tape, in Tensor<T> gradient)
    {
        _tape = tape;
        Gradient = gradient;
    }

    /// <summary>∂loss/∂output.</summary>
    public Tensor<T> Gradient { get; }

    /// <summary>Whether the input leads back to a parameter.</summary>
    public bool Wants(in Tensor<T> input) => _tape.Tracks(input);

    /// <summary>Memory of <paramref name="shape"/> for the contribution to <paramref name="input"/>; its elements are undefined. <see cref="End"/> it before the next Begin: two inputs may be one parameter.</summary>
    public Tensor<T> Begin(in Tensor<T> input, in Shape shape) => _tape.BeginContribution(input, shape);

    /// <summary>Memory of the input's own shape.</summary>
    public Tensor<T> Begin(in Tensor<T> input) => Begin(input, input.Shape);

    /// <summary>
    /// Takes the written contribution in. <see cref="Gradient"/> itself may be given where it is the contribution, as the last thing the operation does: its memory may become
    /// the input's gradient.
    /// </summary>
    public void End(in Tensor<T> input, in Tensor<T> contribution) => _tape.EndContribution(input, contribution);
}
