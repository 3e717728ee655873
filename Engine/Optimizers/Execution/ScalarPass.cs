using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The reading that comes once before each sweep: the scalars of the step in double precision, checked, rounded to the elements' precision and written down
/// in the order in which the rule takes them to the elements.
/// </summary>
internal sealed unsafe class Staging<T> : Reading<Scalar<double>, Scalar<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The most scalars that a rule may take to the elements.</summary>
    public const int Capacity = 32;

    private T* _table;
    private int _next;
    private long _t;
    private double _gradientNorm;
    private ReadOnlyMemory<double> _before;
    private Memory<double> _after;

    /// <summary>Whose hyper-parameters these are, for messages.</summary>
    public required string RuleName { get; init; }

    /// <summary>How many scalars the rule took.</summary>
    public int Count => _next;

    public override Scalar<double> StepNumber => new(_t);

    public override Scalar<double> GradientNorm => new(_gradientNorm);

    /// <summary>Writes the scalars of update number <paramref name="t"/> (from 1) into <paramref name="table"/>: first the gradient's factor and bound, then those of decay and rule.</summary>
    public void Run<TRule>(in TRule rule, T* table, long t, double gradientNorm, ReadOnlyMemory<double> before, Memory<double> after, double factor, double clamp) where TRule : struct, IRule
    {
        _table = table;
        _next = 0;
        _t = t;
        _gradientNorm = gradientNorm;
        _before = before;
        _after = after;
        Lift(new(factor));
        Lift(new(clamp));
        Step<Scalar<double>, Scalar<T>> at = new(this);
        Scalar<T> θ = default, g = default;
        State<Scalar<T>> state = default;
        WeightDecay.Apply(rule.WeightDecay.Kind, rule, ref at, ref θ, ref g);
        rule.Update(ref at, ref θ, g, ref state);
    }

    /// <summary>Readies the reading for a formula of the caller's own, of update number <paramref name="t"/>.</summary>
    public Staging<T> Begin(T* table, long t)
    {
        _table = table;
        _next = 0;
        _t = t;
        return this;
    }

    public override Scalar<T> Lift(Scalar<double> scalar)
    {
        if (_next == Capacity)
        {
            throw new InvalidOperationException($"{RuleName}: the rule takes more than {Capacity} scalars to the elements.");
        }
        Scalar<T> value = scalar.Value;
        _table[_next++] = value.Value;
        return value;
    }

    public override Scalar<double> Hyper(Hyperparameter value, string symbol, double least, double below, string name) =>
        new(HyperparameterRange.Checked(RuleName, value, _t, symbol, least, below, name));

    public override Scalar<double> Recall(int index, double initial) => new(_t == 1 ? initial : _before.Span[index]);

    public override void Keep(int index, Scalar<double> value) => _after.Span[index] = value.Value;
}
