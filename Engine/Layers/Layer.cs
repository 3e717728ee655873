using System.Numerics;

namespace Engine;

/// <summary>
/// A module that makes one tensor of one tensor, and so can stand in a <see cref="Sequential{T}"/>, be summarized and exported.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Layer<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes the output for an input.</summary>
    public abstract Tensor<T> Forward(Tensor<T> x);
}
