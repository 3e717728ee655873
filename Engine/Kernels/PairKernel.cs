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
            ElementLoop.Run<OfVectors, T>(new(function, pa, pb, py), y.Length);
        }
    }

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y)
    {
        fixed (T* pa = a, py = y)
        {
            ElementLoop.Run<OfVectorAndNumber, T>(new(function, pa, b, py), y.Length);
        }
    }

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y)
    {
        fixed (T* pb = b, py = y)
        {
            ElementLoop.Run<OfNumberAndVector, T>(new(function, a, pb, py), y.Length);
        }
    }

    // three bodies rather than one that chooses: what the compiler inlines into a loop is limited, and the choice would use it up

    private readonly struct OfVectors(TFunction function, T* a, T* b, T* y) : IElementKernel<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(function.Of(memory.Load(a + i), memory.Load(b + i)), y + i);
    }

    private readonly struct OfVectorAndNumber(TFunction function, T* a, T b, T* y) : IElementKernel<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(function.Of(memory.Load(a + i), L.Broadcast(b)), y + i);
    }

    private readonly struct OfNumberAndVector(TFunction function, T a, T* b, T* y) : IElementKernel<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(function.Of(L.Broadcast(a), memory.Load(b + i)), y + i);
    }
}
