using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>A function of two numbers over vectors, and over a vector and one number. y may be the memory of a or b.</summary>
internal readonly unsafe struct PairKernel<TFunction, T>(TFunction function) : IBinaryKernel<T>
    where TFunction : unmanaged, IPairFunction where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        fixed (T* pa = a, pb = b, py = y)
        {
            ElementLoop.Run<Body, T>(new(function, pa, true, pb, true, py), y.Length);
        }
    }

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y)
    {
        fixed (T* pa = a, py = y)
        {
            ElementLoop.Run<Body, T>(new(function, pa, true, &b, false, py), y.Length);
        }
    }

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y)
    {
        fixed (T* pb = b, py = y)
        {
            ElementLoop.Run<Body, T>(new(function, &a, false, pb, true, py), y.Length);
        }
    }

    private readonly struct Body(TFunction function, T* a, bool runsA, T* b, bool runsB, T* y) : IElementKernel<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L left = runsA ? memory.Load(a + i) : L.Broadcast(*a), right = runsB ? memory.Load(b + i) : L.Broadcast(*b);
            memory.Store(function.Of(left, right), y + i);
        }
    }
}
