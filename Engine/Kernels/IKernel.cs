using System.Numerics;

namespace Engine.Kernels;

/// <summary>A kernel: the loop body over a range of elements, generic over the lane that runs it.</summary>
internal interface IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes the elements from <paramref name="from"/> up to, but not including, <paramref name="to"/>.</summary>
    void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>;
}
