using System.Numerics;

namespace Engine;

/// <summary>
/// The pass that comes once before each sweep: it runs the rule on numbers in double precision, checks the hyperparameters, and writes
/// every scalar that the rule converts to the elements, rounded to their precision, in the order in which the sweep will read them.
/// </summary>
internal sealed unsafe class ScalarPass<T> : Interpreter<Scalar<double>, Scalar<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The largest number of scalars that a rule may convert to the elements.</summary>
    public const int Capacity = 2 + StepScalars<T>.Capacity;

    private T* _scalars;
    private int _count;
    private long _t;
    private double _gradientNorm;
    private ReadOnlyMemory<double> _before;
    private Memory<double> _after;

    /// <summary>The rule's name, for messages.</summary>
    public required string RuleName { get; init; }

    /// <summary>The number of scalars written.</summary>
    public int Count => _count;

    public override Scalar<double> StepNumber => new(_t);

    public override Scalar<double> GradientNorm => new(_gradientNorm);

    /// <summary>
    /// Writes the scalars of update number <paramref name="t"/> (from 1): the gradient's factor and bound, then those of decay and rule.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="scalars">Receives at most <see cref="Capacity"/> numbers.</param>
    /// <param name="t">The update's number.</param>
    /// <param name="gradientNorm">‖g‖₂, where the rule needs it.</param>
    /// <param name="before">The numbers that the rule kept at its last step.</param>
    /// <param name="after">Receives those that it keeps now.</param>
    /// <param name="transform">What happens to the gradient first.</param>
    public void Run<TRule>(in TRule rule, T* scalars, long t, double gradientNorm, ReadOnlyMemory<double> before, Memory<double> after,
        GradientTransform transform)
        where TRule : struct, IRule
    {
        Start(scalars, t);
        _gradientNorm = gradientNorm;
        _before = before;
        _after = after;
        ToElements(new(transform.Factor));
        ToElements(new(transform.Bound));
        Step<Scalar<double>, Scalar<T>> at = new(this);
        Scalar<T> θ = default, g = default;
        State<Scalar<T>> state = default;
        WeightDecay.Apply(rule.WeightDecay.Kind, rule, ref at, ref θ, ref g);
        rule.Update(ref at, ref θ, g, ref state);
    }

    /// <summary>Starts the scalars of a formula that the caller runs, at update number <paramref name="t"/>.</summary>
    public ScalarPass<T> Start(T* scalars, long t)
    {
        _scalars = scalars;
        _count = 0;
        _t = t;
        return this;
    }

    public override Scalar<T> ToElements(Scalar<double> scalar)
    {
        if (_count == Capacity)
        {
            throw new InvalidOperationException(
                $"{RuleName}: the rule converts more than {Capacity} scalars to the elements, expected at most {Capacity}.");
        }
        Scalar<T> value = scalar.Value;
        _scalars[_count++] = value.Value;
        return value;
    }

    public override Scalar<double> Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name) =>
        new(range.Check(RuleName, value, _t, symbol, name));

    public override Scalar<double> LoadScalar(int index, double initial) => new(_t == 1 ? initial : _before.Span[index]);

    public override void StoreScalar(int index, Scalar<double> value) => _after.Span[index] = value.Value;
}
