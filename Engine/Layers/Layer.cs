using System.Numerics;

namespace Engine;

/// <summary>
/// A module that turns one tensor into one tensor, and so can be part of a <see cref="Sequential{T}"/>, summarized and exported.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Layer<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes the output for an input.</summary>
    public abstract Tensor<T> Forward(Tensor<T> x);
}
