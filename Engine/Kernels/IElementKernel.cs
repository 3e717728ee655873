using System.Numerics;

namespace Engine.Kernels;

/// <summary>The arithmetic of a loop over elements, from its loads to its stores; <see cref="ElementLoop"/> is the loop.</summary>
internal interface IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes the elements of one lane, the first of which is number <paramref name="i"/>.</summary>
    void At<L, TAccess>(nint i, TAccess memory) where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>;
}
