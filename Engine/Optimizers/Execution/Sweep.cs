using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The loop of all elementwise rules: θ, g and the state are read once, the rule runs in registers, θ and the state are written once.
/// There is no fused multiply-add: every lane gives the bits of the scalar lane. Scalars 0 and 1 are the factor and the bound of
/// <see cref="GradientScale"/>; the others stay in registers.
/// </summary>
internal static unsafe class Sweep
{
    /// <summary>
    /// How many elements ahead of the registers the sweep prefetches; further ahead is slower, and without it rules with several state
    /// vectors are (measured: docs/performance.md).
    /// </summary>
    private const int Ahead = 128;

    /// <summary>From this many elements of a parameter on, its arrays are not expected in the caches, and prefetching pays.</summary>
    private const int PrefetchThreshold = 1 << 17;

    /// <summary>Runs the rule over the elements from..to of one parameter, in the widest lane of the machine.</summary>
    public static void Run<TRule, T>(in TRule rule, ref readonly SweepOperands<T> operands, int from, int to, bool clamp)
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T> =>
        Kernel.RunHere<SweepKernel<TRule, T>, T>(new(in rule, in operands, clamp), from, to);

    /// <summary>The sweep over one parameter as a kernel: each loop is compiled for its decay, gradient transform and state.</summary>
    internal readonly ref struct SweepKernel<TRule, T>(
        ref readonly TRule rule, ref readonly SweepOperands<T> operands, bool clamp) : IKernel<T>
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly ref readonly TRule _rule = ref rule;
        private readonly ref readonly SweepOperands<T> _operands = ref operands;

        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            switch (_rule.WeightDecay.Kind)
            {
                case WeightDecayKind.None:
                    Run<NoDecay, L>(from, to);
                    break;
                case WeightDecayKind.L2:
                    Run<L2Decay, L>(from, to);
                    break;
                default: // the two decoupled kinds differ in one scalar alone
                    Run<DecoupledDecay, L>(from, to);
                    break;
            }
        }

        private void Run<TDecay, L>(int from, int to) where TDecay : struct, IDecay where L : unmanaged, ILane<L>, ILane<L, T>
        {
            if (clamp)
            {
                Run<TDecay, Clamped, L>(from, to);
            }
            else if (_operands.Scalars[0] == T.One)
            {
                Run<TDecay, Unchanged, L>(from, to);
            }
            else
            {
                Run<TDecay, Scaled, L>(from, to);
            }
        }

        private void Run<TDecay, TTransform, L>(int from, int to)
            where TDecay : struct, IDecay where TTransform : struct, ITransform where L : unmanaged, ILane<L>, ILane<L, T>
        {
            switch (TRule.States.Count)
            {
                case 0:
                    Run<TDecay, TTransform, Arity0, L>(from, to);
                    break;
                case 1:
                    Run<TDecay, TTransform, Arity1, L>(from, to);
                    break;
                case 2:
                    Run<TDecay, TTransform, Arity2, L>(from, to);
                    break;
                case 3:
                    Run<TDecay, TTransform, Arity3, L>(from, to);
                    break;
                default:
                    Run<TDecay, TTransform, Arity4, L>(from, to);
                    break;
            }
        }

        private void Run<TDecay, TTransform, TArity, L>(int from, int to)
            where TDecay : struct, IDecay where TTransform : struct, ITransform where TArity : struct, IArity
            where L : unmanaged, ILane<L>, ILane<L, T>
        {
            if (_operands.Length >= PrefetchThreshold)
            {
                Loop<TRule, TDecay, TTransform, TArity, Prefetching, L, T>(_rule, _operands, from, to);
            }
            else
            {
                Loop<TRule, TDecay, TTransform, TArity, NoPrefetching, L, T>(_rule, _operands, from, to);
            }
        }
    }

    /// <summary>
    /// The loop over the lanes. It is a method of its own, never inlined: what the compiler inlines into one method is limited, and has to
    /// go into the body of the loop. The rule is passed by value, because a reference would be checked for null in every iteration.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Loop<TRule, TDecay, TTransform, TArity, TPrefetch, L, T>(
        TRule rule, in SweepOperands<T> operands, nint from, nint to)
        where TRule : struct, IRule where TDecay : struct, IDecay where TTransform : struct, ITransform where TArity : struct, IArity
        where TPrefetch : struct, IPrefetch where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* s = operands.Scalars, θ = operands.Value, g = operands.Gradient;
        T* a = operands.First, b = operands.Second, c = operands.Third, d = operands.Fourth;
        L factor = L.Broadcast(s[0]), bound = L.Broadcast(s[1]);
        StepScalars<L> scalars = Broadcast<L, T>(s + 2);
        nint i = from;
        for (; i <= to - L.Count; i += L.Count)
        {
            Update<TRule, TDecay, TTransform, TArity, TPrefetch, FullLane<L, T>, L, T>(
                rule, scalars, factor, bound, default, i, θ, g, a, b, c, d);
        }
        if (i < to)
        {
            Tail<TRule, TDecay, TTransform, TArity, L, T>(rule, operands, i, (int)(to - i));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tail<TRule, TDecay, TTransform, TArity, L, T>(in TRule rule, in SweepOperands<T> operands, nint i, int count)
        where TRule : struct, IRule where TDecay : struct, IDecay where TTransform : struct, ITransform where TArity : struct, IArity
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* s = operands.Scalars;
        Update<TRule, TDecay, TTransform, TArity, NoPrefetching, PartialLane<L, T>, L, T>(
            rule, Broadcast<L, T>(s + 2), L.Broadcast(s[0]), L.Broadcast(s[1]), new(count), i, operands.Value, operands.Gradient,
            operands.First, operands.Second, operands.Third, operands.Fourth);
    }

    /// <summary>Updates one lane of elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TRule, TDecay, TTransform, TArity, TPrefetch, TAccess, L, T>(
        in TRule rule, in StepScalars<L> scalars, L factor, L bound, TAccess memory, nint i, T* value, T* gradient, T* a, T* b,
        T* c, T* d)
        where TRule : struct, IRule where TDecay : struct, IDecay where TTransform : struct, ITransform where TArity : struct, IArity
        where TPrefetch : struct, IPrefetch where TAccess : struct, ILaneAccess<L, T> where L : unmanaged, ILane<L>, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (TPrefetch.IsOn)
        {
            Prefetch.Line(value + i + Ahead);
            Prefetch.Line(gradient + i + Ahead);
            if (TArity.Count > 0) { Prefetch.Line(a + i + Ahead); }
            if (TArity.Count > 1) { Prefetch.Line(b + i + Ahead); }
            if (TArity.Count > 2) { Prefetch.Line(c + i + Ahead); }
            if (TArity.Count > 3) { Prefetch.Line(d + i + Ahead); }
        }
        L θ = memory.Load(value + i), g = memory.Load(gradient + i);
        State<L> state = default;
        if (TArity.Count > 0) { state.First = memory.Load(a + i); }
        if (TArity.Count > 1) { state.Second = memory.Load(b + i); }
        if (TArity.Count > 2) { state.Third = memory.Load(c + i); }
        if (TArity.Count > 3) { state.Fourth = memory.Load(d + i); }

        g = TTransform.Apply(g, factor, bound);
        Step<ErasedScalar, L> at = new(in scalars);
        WeightDecay.Apply(TDecay.Kind, rule, ref at, ref θ, ref g);
        rule.Update(ref at, ref θ, g, ref state);

        memory.Store(θ, value + i);
        if (TArity.Count > 0) { memory.Store(state.First, a + i); }
        if (TArity.Count > 1) { memory.Store(state.Second, b + i); }
        if (TArity.Count > 2) { memory.Store(state.Third, c + i); }
        if (TArity.Count > 3) { memory.Store(state.Fourth, d + i); }
    }

    /// <summary>The scalars of a step, each in every element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static StepScalars<L> Broadcast<L, T>(T* s)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> => new()
        {
            S0 = L.Broadcast(s[0]), S1 = L.Broadcast(s[1]), S2 = L.Broadcast(s[2]), S3 = L.Broadcast(s[3]),
            S4 = L.Broadcast(s[4]), S5 = L.Broadcast(s[5]), S6 = L.Broadcast(s[6]), S7 = L.Broadcast(s[7]),
            S8 = L.Broadcast(s[8]), S9 = L.Broadcast(s[9]), S10 = L.Broadcast(s[10]), S11 = L.Broadcast(s[11]),
            S12 = L.Broadcast(s[12]), S13 = L.Broadcast(s[13]), S14 = L.Broadcast(s[14]), S15 = L.Broadcast(s[15]),
        };

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

    private interface ITransform
    {
        static abstract L Apply<L>(L g, L factor, L bound) where L : ILane<L>;
    }

    private readonly struct Unchanged : ITransform
    {
        public static L Apply<L>(L g, L factor, L bound) where L : ILane<L> => g;
    }

    private readonly struct Scaled : ITransform
    {
        public static L Apply<L>(L g, L factor, L bound) where L : ILane<L> => g * factor;
    }

    private readonly struct Clamped : ITransform
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Apply<L>(L g, L factor, L bound) where L : ILane<L> => L.Min(L.Max(g * factor, -bound), bound);
    }

    private interface IPrefetch
    {
        static abstract bool IsOn { get; }
    }

    private readonly struct Prefetching : IPrefetch
    {
        public static bool IsOn => true;
    }

    private readonly struct NoPrefetching : IPrefetch
    {
        public static bool IsOn => false;
    }
}
