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
}
