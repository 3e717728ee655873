using System.Numerics;

namespace Engine;

/// <summary>
/// A change of the gradients between the backward pass and clipping, one parameter at a time: an element of
/// <see cref="Optimizer{T}.Transforms"/>.
/// </summary>
/// <example>
/// <code>
/// public readonly record struct GradientSign : IGradientTransform
/// {
///     public void Apply&lt;T&gt;(in ParameterGradient&lt;T&gt; parameter) where T : unmanaged, IFloatingPointIeee754&lt;T&gt;
///     {
///         foreach (ref T g in parameter.Gradient)
///         {
///             g = T.CreateTruncating(T.Sign(g));
///         }
///     }
/// }
/// </code>
/// </example>
public interface IGradientTransform
{
    /// <summary>
    /// Changes the elements of <see cref="ParameterGradient{T}.Gradient"/>, a copy that this step alone reads. What it throws leaves the
    /// optimizer, its parameters and their gradients as they were. Its result should depend on nothing but its properties and the
    /// argument: a step that is repeated or explained then gives the same.
    /// </summary>
    /// <param name="parameter">The gradient, and what it is the gradient of.</param>
    void Apply<T>(in ParameterGradient<T> parameter) where T : unmanaged, IFloatingPointIeee754<T>;
}
