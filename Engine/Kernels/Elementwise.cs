using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>A function of one number over whole vectors, forward and backward. Vectors may be the same memory.</summary>
internal static unsafe class Elementwise
{
    /// <summary>y ← f(x).</summary>
    public static void Map<TFunction, T>(TFunction function, ReadOnlySpan<T> x, Span<T> y)
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        fixed (T* px = x, py = y)
        {
            ElementLoop.Run<MapKernel<TFunction, T>, T>(new(function, px, py), x.Length);
        }
    }

    /// <summary>dx ← g·f′(x) by the <see cref="ChainRule"/>, with y = f(x).</summary>
    public static void MapBackward<TFunction, T>(TFunction function, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> g, Span<T> dx)
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, g.Length, dx.Length);
        fixed (T* px = x, py = y, pg = g, pd = dx)
        {
            ElementLoop.Run<MapBackwardKernel<TFunction, T>, T>(new(function, px, py, pg, pd), x.Length, inPlace: pd == pg);
        }
    }

    internal readonly struct MapKernel<TFunction, T>(TFunction function, T* x, T* y) : IElementKernel<T>
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(function.Value(memory.Load(x + i)), y + i);
    }

    internal readonly struct MapBackwardKernel<TFunction, T>(TFunction function, T* x, T* y, T* g, T* dx) : IElementKernel<T>
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(ChainRule.Apply(memory.Load(g + i), function.Derivative(memory.Load(x + i), memory.Load(y + i))), dx + i);
    }
}
