using System.Numerics;
using System.Numerics.Tensors;

namespace Engine.Kernels;

/// <summary>Whether there is an infinity or a NaN among numbers.</summary>
internal static class Finite
{
    /// <summary>Whether all elements are finite; long vectors are looked through on all threads.</summary>
    public static bool All<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T> => x.Length < Kernel.ParallelThreshold
        ? TensorPrimitives.IsFiniteAll(x)
        : Reduction.Sum<ZeroTimes, T>(x, x) == T.Zero;

    /// <summary>0·a: zero, or NaN if a is not finite, and so is a sum of these.</summary>
    private readonly struct ZeroTimes : ITerm
    {
        public static L Of<L>(L a, L b) where L : ILane<L> => 0 * a;
    }
}
