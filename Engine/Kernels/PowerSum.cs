using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The sum of powers that a p-norm is the root of.</summary>
internal static unsafe class PowerSum
{
    /// <summary>
    /// Σ (|xᵢ|/largest)ᵖ in double precision: ratios to the largest neither overflow nor lose what counts to underflow.
    /// </summary>
    public static double Of<T>(ReadOnlySpan<T> x, double largest, double p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* px = x)
        {
            return p == 1
                ? Reduction.Sum<Ratios<T>, double>(new(px, largest), x.Length)
                : Reduction.Sum<Powers<T>, double>(new(new(px, largest), p), x.Length);
        }
    }

    /// <summary>|xᵢ|/largest.</summary>
    private readonly struct Ratios<T>(T* x, double largest) : IRowTerms<double> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
            where L : unmanaged, ILane<L>, ILane<L, double> where TAccess : struct, ILaneAccess<L, double>
        {
            L value = typeof(T) == typeof(float) ? memory.LoadSingles((float*)x + i) : memory.Load((double*)x + i);
            first = L.Abs(value) / L.Broadcast(largest);
            second = default;
        }
    }

    /// <summary>(|xᵢ|/largest)ᵖ.</summary>
    private readonly struct Powers<T>(Ratios<T> ratios, double p) : IRowTerms<double> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
            where L : unmanaged, ILane<L>, ILane<L, double> where TAccess : struct, ILaneAccess<L, double>
        {
            ratios.At(i, memory, out L ratio, out second);
            first = L.Pow(ratio, L.Broadcast(p));
        }
    }
}
