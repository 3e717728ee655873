using System.Numerics;

namespace Engine;

/// <summary>A tensor rule that also uses the curvature of the loss, from separate gradients that are computed every few steps.</summary>
public interface ICurvatureRule : ITensorRule
{
    /// <summary>Updates the curvature of one parameter from <see cref="TensorStep{T}.Gradient"/>.</summary>
    void UpdateCurvature<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>;
}
