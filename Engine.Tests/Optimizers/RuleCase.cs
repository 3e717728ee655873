using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests.Optimizers;

/// <summary>A rule in a table: what tests do with any rule, without knowing which.</summary>
public abstract class RuleCase
{
    public abstract string Name { get; }

    /// <summary>The rule's type.</summary>
    public abstract Type Type { get; }

    /// <summary>Passes the rule to the visitor as its own type.</summary>
    internal abstract void Accept(IRuleCaseVisitor visitor);

    /// <summary>The same rule with another decay.</summary>
    public abstract RuleCase With(WeightDecay decay);

    /// <summary>Adds parameters under the rule to an optimizer.</summary>
    public abstract void AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters) where T : unmanaged,
        IFloatingPointIeee754<T>;

    /// <summary>
    /// Steps of the kernel alone in lane <typeparamref name="L"/>; the vector is changed, its state is returned behind it.
    /// </summary>
    internal abstract T[] Sweep<L, T>(T[] value, IReadOnlyList<T[]> gradients, bool clamp)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>;

    public override string ToString() => Name;

    public static RuleCase Of<TRule>(TRule rule, string? name = null) where TRule : struct, IRule =>
        new Typed<TRule>(rule, name ?? typeof(TRule).Name);

    private sealed class Typed<TRule>(TRule rule, string name) : RuleCase where TRule : struct, IRule
    {
        public override string Name => name;

        public override Type Type => typeof(TRule);

        internal override void Accept(IRuleCaseVisitor visitor) => visitor.Visit(rule);

        public override RuleCase With(WeightDecay decay) => new Typed<TRule>(rule with { WeightDecay = decay }, $"{name} {decay.Kind}");

        public override void AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters) =>
            optimizer.AddGroup(rule, parameters);

        internal override unsafe T[] Sweep<L, T>(T[] value, IReadOnlyList<T[]> gradients, bool clamp)
        {
            int n = value.Length, arrays = TRule.States.Count;
            const int guard = 3;
            T[] all = new T[(n + guard) * (arrays + 1) + guard];
            Array.Fill(all, T.CreateTruncating(-77));
            value.CopyTo(all, guard);
            for (int i = 0; i < arrays; i++)
            {
                InitialState initial = rule.InitialValue(i);
                Span<T> state = all.AsSpan(guard + (i + 1) * (n + guard), n);
                state.Fill(T.CreateTruncating(initial.Value));
                if (initial.IsParameter)
                {
                    value.CopyTo(state);
                }
            }
            ScalarPass<T> scalarPass = new(RuleDeclaration.Of<TRule>());
            T* scalars = stackalloc T[ScalarPass<T>.Capacity];
            double[] before = new double[TRule.Scalars.Count], after = new double[TRule.Scalars.Count];
            for (int t = 1; t <= gradients.Count; t++)
            {
                double norm = Math.Sqrt(Reduction.SumOfSquares<T>(gradients[t - 1]));
                scalarPass.Run(rule, scalars, t, norm, before, after, new(1, clamp ? 0.75 : double.PositiveInfinity));
                (before, after) = (after, before);
                fixed (T* p = all, g = gradients[t - 1])
                {
                    T* first = p + guard + n + guard;
                    SweepOperands<T> operands = new()
                    {
                        Value = p + guard, Gradient = g, Scalars = scalars,
                        First = first, Second = first + n + guard, Third = first + 2 * (n + guard), Fourth = first + 3 * (n + guard),
                    };
                    new Engine.Sweep.SweepKernel<TRule, T>(in rule, in operands, clamp).Run<L>(0, n);
                }
            }
            return all;
        }
    }
}
