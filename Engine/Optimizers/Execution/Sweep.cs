using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The loop of all elementwise rules: θ, g and the state are read once, the rule runs in registers, θ and the state are written once.
/// Scalars 0 and 1 are the factor and the bound of <see cref="GradientTransform"/>. The tail is padded and goes through the arithmetic of
/// the body. There is no fused multiply-add: every lane gives the bits of the scalar lane.
/// </summary>
internal static unsafe class Sweep
{
    /// <summary>
    /// How many elements ahead of the registers the sweep prefetches: the hardware's own prefetching stops at page borders, and it follows
    /// only a few streams (measured: docs/performance.md).
    /// </summary>
    private const int Ahead = 512;

    /// <summary>Runs the rule over the elements from..to of one parameter, in the widest lane of the machine.</summary>
    public static void Run<TRule, T>(in TRule rule, ref readonly SweepOperands<T> operands, int scalarCount, int from, int to, bool clamp)
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<TRule, Wide512<T>, T>(rule, in operands, scalarCount, from, to, clamp);
        }
        else if (Vector.IsHardwareAccelerated)
        {
            Run<TRule, Wide<T>, T>(rule, in operands, scalarCount, from, to, clamp);
        }
        else
        {
            Run<TRule, Scalar<T>, T>(rule, in operands, scalarCount, from, to, clamp);
        }
    }

    /// <summary>Runs the rule in lane <typeparamref name="L"/>.</summary>
    public static void Run<TRule, L, T>(in TRule rule, ref readonly SweepOperands<T> operands, int scalarCount, int from, int to,
        bool clamp)
        where TRule : struct, IRule where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (rule.WeightDecay.Kind)
        {
            case WeightDecayKind.None:
                Run<TRule, NoDecay, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
            case WeightDecayKind.L2:
                Run<TRule, L2Decay, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
            default: // the two decoupled kinds differ in one scalar alone
                Run<TRule, DecoupledDecay, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
        }
    }

    private static void Run<TRule, TDecay, L, T>(in TRule rule, ref readonly SweepOperands<T> operands, int scalarCount, int from, int to,
        bool clamp)
        where TRule : struct, IRule where TDecay : struct, IDecay where L : unmanaged, ILane<L>, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (TRule.States.Count)
        {
            case 0:
                Run<TRule, TDecay, Arity0, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
            case 1:
                Run<TRule, TDecay, Arity1, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
            case 2:
                Run<TRule, TDecay, Arity2, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
            case 3:
                Run<TRule, TDecay, Arity3, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
            default:
                Run<TRule, TDecay, Arity4, L, T>(rule, in operands, scalarCount, from, to, clamp);
                break;
        }
    }

    [SkipLocalsInit]
    private static void Run<TRule, TDecay, TArity, L, T>(in TRule rule, ref readonly SweepOperands<T> operands, int scalarCount, int from,
        int to, bool clamp)
        where TRule : struct, IRule where TDecay : struct, IDecay where TArity : struct, IArity where L : unmanaged, ILane<L>, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        L* scalars = stackalloc L[ScalarPass<T>.Capacity + 1];
        scalars = (L*)(((nint)scalars + sizeof(L) - 1) & -(nint)sizeof(L)); // loads that cross no cache line
        for (int i = 0; i < scalarCount; i++)
        {
            scalars[i] = L.Broadcast(operands.Scalars[i]);
        }
        T* θ = operands.Value, g = operands.Gradient, a = operands.First, b = operands.Second, c = operands.Third, d = operands.Fourth;
        int index = from;
        for (; index <= to - L.Count; index += L.Count)
        {
            Prefetch(θ + index);
            Prefetch(g + index);
            if (TArity.Count > 0) { Prefetch(a + index); }
            if (TArity.Count > 1) { Prefetch(b + index); }
            if (TArity.Count > 2) { Prefetch(c + index); }
            if (TArity.Count > 3) { Prefetch(d + index); }
            L element = L.Load(θ + index);
            State<L> state = default;
            if (TArity.Count > 0) { state.First = L.Load(a + index); }
            if (TArity.Count > 1) { state.Second = L.Load(b + index); }
            if (TArity.Count > 2) { state.Third = L.Load(c + index); }
            if (TArity.Count > 3) { state.Fourth = L.Load(d + index); }
            Update<TRule, TDecay, L>(rule, scalars, clamp, ref element, L.Load(g + index), ref state);
            L.Store(element, θ + index);
            if (TArity.Count > 0) { L.Store(state.First, a + index); }
            if (TArity.Count > 1) { L.Store(state.Second, b + index); }
            if (TArity.Count > 2) { L.Store(state.Third, c + index); }
            if (TArity.Count > 3) { L.Store(state.Fourth, d + index); }
        }
        if (index == to)
        {
            return;
        }
        if (to - from >= L.Count)
        {
            // the tail as the last whole register, in which the elements that were updated before keep their values
            int start = to - L.Count;
            L done = L.Broadcast(T.CreateTruncating(index - start)), position = Positions<L, T>();
            L before = L.Load(θ + start), element = before;
            State<L> old = default;
            if (TArity.Count > 0) { old.First = L.Load(a + start); }
            if (TArity.Count > 1) { old.Second = L.Load(b + start); }
            if (TArity.Count > 2) { old.Third = L.Load(c + start); }
            if (TArity.Count > 3) { old.Fourth = L.Load(d + start); }
            State<L> state = old;
            Update<TRule, TDecay, L>(rule, scalars, clamp, ref element, L.Load(g + start), ref state);
            L.Store(L.WhereGreater(done, position, before, element), θ + start);
            if (TArity.Count > 0) { L.Store(L.WhereGreater(done, position, old.First, state.First), a + start); }
            if (TArity.Count > 1) { L.Store(L.WhereGreater(done, position, old.Second, state.Second), b + start); }
            if (TArity.Count > 2) { L.Store(L.WhereGreater(done, position, old.Third, state.Third), c + start); }
            if (TArity.Count > 3) { L.Store(L.WhereGreater(done, position, old.Fourth, state.Fourth), d + start); }
        }
        else
        {
            int rest = to - index;
            L element = Kernel.LoadTail<L, T>(θ + index, rest);
            State<L> state = default;
            if (TArity.Count > 0) { state.First = Kernel.LoadTail<L, T>(a + index, rest); }
            if (TArity.Count > 1) { state.Second = Kernel.LoadTail<L, T>(b + index, rest); }
            if (TArity.Count > 2) { state.Third = Kernel.LoadTail<L, T>(c + index, rest); }
            if (TArity.Count > 3) { state.Fourth = Kernel.LoadTail<L, T>(d + index, rest); }
            Update<TRule, TDecay, L>(rule, scalars, clamp, ref element, Kernel.LoadTail<L, T>(g + index, rest), ref state);
            Kernel.StoreTail(element, θ + index, rest);
            if (TArity.Count > 0) { Kernel.StoreTail(state.First, a + index, rest); }
            if (TArity.Count > 1) { Kernel.StoreTail(state.Second, b + index, rest); }
            if (TArity.Count > 2) { Kernel.StoreTail(state.Third, c + index, rest); }
            if (TArity.Count > 3) { Kernel.StoreTail(state.Fourth, d + index, rest); }
        }
    }

    /// <summary>Prefetches the cache line some way ahead. An address behind the end is no fault: the request is dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<T>(T* address) where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address + Ahead);
        }
    }

    /// <summary>0, 1, 2, … in the elements of a lane.</summary>
    private static L Positions<L, T>() where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            ReadOnlySpan<float> numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
            fixed (float* first = numbers)
            {
                return L.Load((T*)first);
            }
        }
        ReadOnlySpan<double> wide = [0, 1, 2, 3, 4, 5, 6, 7];
        fixed (double* first = wide)
        {
            return L.Load((T*)first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TRule, TDecay, L>(in TRule rule, L* scalars, bool clamp, ref L θ, L g, ref State<L> state)
        where TRule : struct, IRule where TDecay : struct, IDecay where L : unmanaged, ILane<L>
    {
        g *= scalars[0];
        if (clamp)
        {
            g = L.Min(L.Max(g, -scalars[1]), scalars[1]);
        }
        Step<ErasedScalar, L> at = new(ref scalars[2]);
        WeightDecay.Apply(TDecay.Kind, rule, ref at, ref θ, ref g);
        rule.Update(ref at, ref θ, g, ref state);
    }

    private interface IArity
    {
        static abstract int Count { get; }
    }

    private readonly struct Arity0 : IArity
    {
        public static int Count => 0;
    }

    private readonly struct Arity1 : IArity
    {
        public static int Count => 1;
    }

    private readonly struct Arity2 : IArity
    {
        public static int Count => 2;
    }

    private readonly struct Arity3 : IArity
    {
        public static int Count => 3;
    }

    private readonly struct Arity4 : IArity
    {
        public static int Count => 4;
    }

    private interface IDecay
    {
        static abstract WeightDecayKind Kind { get; }
    }

    private readonly struct NoDecay : IDecay
    {
        public static WeightDecayKind Kind => WeightDecayKind.None;
    }

    private readonly struct L2Decay : IDecay
    {
        public static WeightDecayKind Kind => WeightDecayKind.L2;
    }

    private readonly struct DecoupledDecay : IDecay
    {
        public static WeightDecayKind Kind => WeightDecayKind.Decoupled;
    }
}
