using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The loop of all elementwise rules: θ, g and the state are read once, the rule runs in registers, θ and the state are written once.
/// There is no fused multiply-add: every lane gives the bits of the scalar lane.
/// </summary>
internal static unsafe class Sweep
{
    /// <summary>
    /// How many elements ahead of the registers the sweep prefetches: the hardware's own prefetching stops at page borders, and it follows
    /// only a few streams (measured: docs/performance.md).
    /// </summary>
    private const int Ahead = 512;

    /// <summary>From this many elements of a parameter on, its arrays are not expected in the caches, and prefetching pays.</summary>
    private const int PrefetchThreshold = 1 << 17;

    /// <summary>Runs the rule over the elements from..to of one parameter, in the widest lane of the machine.</summary>
    public static void Run<TRule, T>(in TRule rule, ref readonly SweepOperands<T> operands, int scalarCount, int from, int to, bool clamp)
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T> =>
        Kernel.RunHere<SweepKernel<TRule, T>, T>(new(in rule, in operands, scalarCount, clamp), from, to);

    /// <summary>The sweep over one parameter as a kernel: each loop is compiled for its decay, gradient transform and state.</summary>
    internal readonly ref struct SweepKernel<TRule, T>(
        ref readonly TRule rule, ref readonly SweepOperands<T> operands, int scalarCount, bool clamp) : IKernel<T>
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly ref readonly TRule _rule = ref rule;
        private readonly ref readonly SweepOperands<T> _operands = ref operands;

        [SkipLocalsInit]
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L* scalars = stackalloc L[ScalarPass<T>.Capacity + 1];
            scalars = (L*)(((nint)scalars + sizeof(L) - 1) & -(nint)sizeof(L)); // loads that cross no cache line
            for (int i = 0; i < scalarCount; i++)
            {
                scalars[i] = L.Broadcast(_operands.Scalars[i]);
            }
            switch (_rule.WeightDecay.Kind)
            {
                case WeightDecayKind.None:
                    Run<NoDecay, L>(scalars, from, to);
                    break;
                case WeightDecayKind.L2:
                    Run<L2Decay, L>(scalars, from, to);
                    break;
                default: // the two decoupled kinds differ in one scalar alone
                    Run<DecoupledDecay, L>(scalars, from, to);
                    break;
            }
        }

        private void Run<TDecay, L>(L* scalars, int from, int to)
            where TDecay : struct, IDecay where L : unmanaged, ILane<L>, ILane<L, T>
        {
            if (clamp)
            {
                Run<TDecay, Clamped, L>(scalars, from, to);
            }
            else if (_operands.Scalars[0] == T.One)
            {
                Run<TDecay, Unchanged, L>(scalars, from, to);
            }
            else
            {
                Run<TDecay, Scaled, L>(scalars, from, to);
            }
        }

        private void Run<TDecay, TTransform, L>(L* scalars, int from, int to)
            where TDecay : struct, IDecay where TTransform : struct, ITransform where L : unmanaged, ILane<L>, ILane<L, T>
        {
            switch (TRule.States.Count)
            {
                case 0:
                    Run<TDecay, TTransform, Arity0, L>(scalars, from, to);
                    break;
                case 1:
                    Run<TDecay, TTransform, Arity1, L>(scalars, from, to);
                    break;
                case 2:
                    Run<TDecay, TTransform, Arity2, L>(scalars, from, to);
                    break;
                case 3:
                    Run<TDecay, TTransform, Arity3, L>(scalars, from, to);
                    break;
                default:
                    Run<TDecay, TTransform, Arity4, L>(scalars, from, to);
                    break;
            }
        }

        private void Run<TDecay, TTransform, TArity, L>(L* scalars, int from, int to)
            where TDecay : struct, IDecay where TTransform : struct, ITransform where TArity : struct, IArity
            where L : unmanaged, ILane<L>, ILane<L, T>
        {
            if (_operands.Length >= PrefetchThreshold)
            {
                Loop<TDecay, TTransform, TArity, Prefetching, L>(scalars, from, to);
            }
            else
            {
                Loop<TDecay, TTransform, TArity, NoPrefetching, L>(scalars, from, to);
            }
        }

        private void Loop<TDecay, TTransform, TArity, TPrefetch, L>(L* scalars, int from, int to)
            where TDecay : struct, IDecay where TTransform : struct, ITransform where TArity : struct, IArity
            where TPrefetch : struct, IPrefetch where L : unmanaged, ILane<L>, ILane<L, T> =>
            ElementLoop.Run<Body<TRule, TDecay, TTransform, TArity, TPrefetch, T>, L, T>(new(in _rule, in _operands, scalars), from, to);
    }

    /// <summary>
    /// One lane of elements. The scalars are broadcast: numbers 0 and 1 are the factor and the bound of <see cref="GradientTransform"/>.
    /// </summary>
    private readonly ref struct Body<TRule, TDecay, TTransform, TArity, TPrefetch, T>(
        ref readonly TRule rule, ref readonly SweepOperands<T> operands, void* scalars) : IElementKernel<T>
        where TRule : struct, IRule where TDecay : struct, IDecay where TTransform : struct, ITransform where TArity : struct, IArity
        where TPrefetch : struct, IPrefetch where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly ref readonly TRule _rule = ref rule;
        private readonly T* _θ = operands.Value, _g = operands.Gradient;
        private readonly T* _a = operands.First, _b = operands.Second, _c = operands.Third, _d = operands.Fourth;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L θ = Load<L, TAccess>(_θ + i, memory), g = Load<L, TAccess>(_g + i, memory);
            State<L> state = default;
            if (TArity.Count > 0) { state.First = Load<L, TAccess>(_a + i, memory); }
            if (TArity.Count > 1) { state.Second = Load<L, TAccess>(_b + i, memory); }
            if (TArity.Count > 2) { state.Third = Load<L, TAccess>(_c + i, memory); }
            if (TArity.Count > 3) { state.Fourth = Load<L, TAccess>(_d + i, memory); }

            L* numbers = (L*)scalars;
            g = TTransform.Apply(g, numbers[0], numbers[1]);
            Step<ErasedScalar, L> at = new(ref numbers[2]);
            WeightDecay.Apply(TDecay.Kind, _rule, ref at, ref θ, ref g);
            _rule.Update(ref at, ref θ, g, ref state);

            memory.Store(θ, _θ + i);
            if (TArity.Count > 0) { memory.Store(state.First, _a + i); }
            if (TArity.Count > 1) { memory.Store(state.Second, _b + i); }
            if (TArity.Count > 2) { memory.Store(state.Third, _c + i); }
            if (TArity.Count > 3) { memory.Store(state.Fourth, _d + i); }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static L Load<L, TAccess>(T* address, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            if (TPrefetch.IsOn && Sse.IsSupported)
            {
                Sse.Prefetch0(address + Ahead); // an address behind the end is no fault: the request is dropped
            }
            return memory.Load(address);
        }
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
