using System.Numerics;

namespace Engine.Kernels;

/// <summary>Which of a formula's three functions a loop runs.</summary>
internal interface IPart
{
    static abstract L Of<TFormula, L>(L a, L b) where TFormula : struct, IBivariate where L : ILane<L>;
}

/// <summary>f(a, b).</summary>
internal readonly struct ValuePart : IPart
{
    public static L Of<TFormula, L>(L a, L b) where TFormula : struct, IBivariate where L : ILane<L> => TFormula.F(a, b);
}

/// <summary>∂f/∂a.</summary>
internal readonly struct DerivativeAPart : IPart
{
    public static L Of<TFormula, L>(L a, L b) where TFormula : struct, IBivariate where L : ILane<L> => TFormula.DerivativeA(a, b);
}

/// <summary>∂f/∂b.</summary>
internal readonly struct DerivativeBPart : IPart
{
    public static L Of<TFormula, L>(L a, L b) where TFormula : struct, IBivariate where L : ILane<L> => TFormula.DerivativeB(a, b);
}

/// <summary>A formula of two numbers over vectors, and over a vector and one number. y may be the memory of a or b.</summary>
internal readonly unsafe struct BivariateOperation<TFormula, TPart, T> : IBinary<T> where TFormula : struct, IBivariate where TPart : struct, IPart where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        fixed (T* pa = a, pb = b, py = y)
        {
            Kernel.Run<Loop, T>(new(pa, true, pb, true, py), y.Length);
        }
    }

    public static void Run(ReadOnlySpan<T> a, T b, Span<T> y)
    {
        fixed (T* pa = a, py = y)
        {
            Kernel.Run<Loop, T>(new(pa, true, &b, false, py), y.Length);
        }
    }

    public static void Run(T a, ReadOnlySpan<T> b, Span<T> y)
    {
        fixed (T* pb = b, py = y)
        {
            Kernel.Run<Loop, T>(new(&a, false, pb, true, py), y.Length);
        }
    }

    private readonly struct Loop(T* a, bool runsA, T* b, bool runsB, T* y) : IKernel<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(TPart.Of<TFormula, L>(runsA ? L.Load(a + i) : L.Broadcast(*a), runsB ? L.Load(b + i) : L.Broadcast(*b)), y + i);
            }
            if (i < to)
            {
                int rest = to - i;
                L left = runsA ? Kernel.LoadTail<L, T>(a + i, rest) : L.Broadcast(*a), right = runsB ? Kernel.LoadTail<L, T>(b + i, rest) : L.Broadcast(*b);
                Kernel.StoreTail(TPart.Of<TFormula, L>(left, right), y + i, rest);
            }
        }
    }
}

/// <summary>y ← then where mask &gt; 0, else otherwise: four vectors of one length.</summary>
internal static unsafe class Selection
{
    public static void Run<T>(ReadOnlySpan<T> mask, ReadOnlySpan<T> then, ReadOnlySpan<T> otherwise, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(y.Length, mask.Length, then.Length, otherwise.Length);
        fixed (T* pm = mask, pt = then, po = otherwise, py = y)
        {
            Kernel.Run<Loop<T>, T>(new(pm, pt, po, py), y.Length);
        }
    }

    private readonly struct Loop<T>(T* mask, T* then, T* otherwise, T* y) : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(L.WhereGreater(L.Load(mask + i), 0, L.Load(then + i), L.Load(otherwise + i)), y + i);
            }
            if (i < to)
            {
                int rest = to - i;
                L chosen = L.WhereGreater(Kernel.LoadTail<L, T>(mask + i, rest), 0, Kernel.LoadTail<L, T>(then + i, rest), Kernel.LoadTail<L, T>(otherwise + i, rest));
                Kernel.StoreTail(chosen, y + i, rest);
            }
        }
    }
}
