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
            Kernel.Run<Loop, T>(new(function, pa, true, pb, true, py), y.Length);
        }
    }

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y)
    {
        fixed (T* pa = a, py = y)
        {
            Kernel.Run<Loop, T>(new(function, pa, true, &b, false, py), y.Length);
        }
    }

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y)
    {
        fixed (T* pb = b, py = y)
        {
            Kernel.Run<Loop, T>(new(function, &a, false, pb, true, py), y.Length);
        }
    }

    private readonly struct Loop(TFunction function, T* a, bool runsA, T* b, bool runsB, T* y) : IKernel<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            TFunction f = function; // a copy on the stack, whose fields the compiler keeps in registers
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(f.Of(runsA ? L.Load(a + i) : L.Broadcast(*a), runsB ? L.Load(b + i) : L.Broadcast(*b)), y + i);
            }
            if (i < to)
            {
                Tail<L>(i, to - i);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)] // what the compiler inlines into one method is limited, and belongs to the loop
        private void Tail<L>(int i, int rest) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L left = runsA ? Kernel.LoadTail<L, T>(a + i, rest) : L.Broadcast(*a);
            L right = runsB ? Kernel.LoadTail<L, T>(b + i, rest) : L.Broadcast(*b);
            Kernel.StoreTail(function.Of(left, right), y + i, rest);
        }
    }
}
