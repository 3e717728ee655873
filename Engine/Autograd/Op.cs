using System.Numerics;

namespace Engine;

/// <summary>
/// An operation that the tape can differentiate: one object for all its uses, without state of its own. What one use needs — inputs,
/// output, settings — is in its <see cref="Node{T}"/>.
/// </summary>
/// <remarks>
/// An operation of your own is a class like this and a function that computes the result and records it:
/// <code>
/// static Tensor&lt;float&gt; ReverseGradient(Tensor&lt;float&gt; x)
/// {
///     Tensor&lt;float&gt; y = Tape&lt;float&gt;.Allocate(x.Shape, out Span&lt;float&gt; elements);
///     x.Span.CopyTo(elements);
///     return Tape&lt;float&gt;.Record(new Node&lt;float&gt; { Op = s_reverse, A = x }, y);
/// }
/// </code>
/// Its Backward may be written with ordinary tensor operations: <c>context.Accumulate(node.A, -context.OutputGradient)</c>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Op<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The operation's name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Accumulates the gradients of the inputs, computed from the gradient of the output by the chain rule.</summary>
    /// <param name="node">The use of this operation that the backward pass has arrived at.</param>
    /// <param name="context">The output's gradient, and where the inputs' gradients go.</param>
    protected internal abstract void Backward(in Node<T> node, in BackwardContext<T> context);

    /// <summary>
    /// Accumulates the same gradients as <see cref="Backward"/>, computed by operations that are recorded, so that they can be
    /// differentiated again. An operation whose Backward is written with tensor operations alone calls it here; another overrides
    /// <see cref="Definition"/>, which is differentiated in its place, or this method.
    /// </summary>
    /// <param name="node">The use of this operation that the pass has arrived at.</param>
    /// <param name="context">The output's gradient, and where the inputs' gradients go.</param>
    /// <exception cref="NotSupportedException">The operation overrides neither.</exception>
    protected internal virtual void RecordBackward(in Node<T> node, in BackwardContext<T> context) =>
        context.DifferentiateDefinition();

    /// <summary>
    /// The operation composed of others, applied to the inputs again: what a fused operation means, and how it is differentiated more
    /// than once.
    /// </summary>
    /// <param name="node">A use of this operation.</param>
    /// <param name="context">The node's further inputs and indices.</param>
    /// <returns>The output, of the same shape and up to rounding the same elements.</returns>
    /// <exception cref="NotSupportedException">The operation has no definition.</exception>
    protected internal virtual Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context) => throw new NotSupportedException(
        $"{Name}: its gradient was to be recorded, expected an operation that overrides Definition or RecordBackward.");
}
