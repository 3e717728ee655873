using System.Numerics;

namespace Engine;

/// <summary>
/// A backward pass that is itself recorded, so that its gradients can be differentiated: where <see cref="BackwardContext{T}"/> sends the
/// contributions instead of adding them up in memory.
/// </summary>
internal abstract class RecordedPass<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether a gradient that was asked for depends on the one of this input.</summary>
    public abstract bool NeedsGradient(in Tensor<T> input);

    /// <summary>Adds a contribution to the gradient of a node's input.</summary>
    public abstract void Accumulate(in Tensor<T> input, in Tensor<T> contribution);

    /// <summary>
    /// Runs the pass over the operations from number <paramref name="first"/> on, which an operation's definition was recorded as.
    /// </summary>
    public abstract void Differentiate(int first, in Tensor<T> definition, in Tensor<T> gradient);
}
