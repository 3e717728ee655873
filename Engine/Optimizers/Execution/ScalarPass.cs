using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// The pass that comes once before each sweep: it runs the rule on numbers in double precision, checks the hyperparameters, and writes
/// every scalar that the rule converts to the elements, rounded to their precision, in the order in which the sweep will read them.
/// </summary>
/// <param name="declaration">What the rule declares.</param>
internal sealed unsafe class ScalarPass<T>(RuleDeclaration declaration) : Interpreter<Scalar<double>, Scalar<T>>(declaration)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The largest number of scalars: the two of <see cref="GradientScale"/>, and those of decay and rule.</summary>
    public const int Capacity = 2 + StepScalars<T>.Capacity;

    private T* _scalars;
    private int _count;
    private long _t, _stepNumber;
    private double _gradientNorm;
    private ReadOnlyMemory<double> _before;
    private Memory<double> _after;

    /// <summary>Receives each hyperparameter that the rule reads; null without a listener.</summary>
    public HyperparameterList? Hyperparameters { get; init; }

    /// <summary>The number of scalars written.</summary>
    public int Count => _count;

    public override Scalar<double> StepNumber => new(_stepNumber);

    protected override Scalar<double> DeclaredNorm => new(_gradientNorm);

    /// <summary>
    /// Writes the scalars of update number <paramref name="t"/> (from 1): the gradient's factor and bound, then those of decay and rule.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="scalars">Receives at most <see cref="Capacity"/> numbers.</param>
    /// <param name="t">The update's number.</param>
    /// <param name="gradientNorm">‖g‖₂, where the rule needs it.</param>
    /// <param name="before">The numbers that the rule kept at its last step.</param>
    /// <param name="after">Receives those that it keeps now.</param>
    /// <param name="scale">What happens to the gradient first.</param>
    public void Run<TRule>(in TRule rule, T* scalars, long t, double gradientNorm, ReadOnlyMemory<double> before, Memory<double> after,
        GradientScale scale)
        where TRule : struct, IRule
    {
        Start(scalars, t);
        _gradientNorm = gradientNorm;
        _before = before;
        _after = after;
        Scalar<T> θ = default;
        State<Scalar<T>> state = default;
        Run(rule, scale, ref θ, default, ref state);
    }

    /// <summary>
    /// Writes the scalars of update number <paramref name="t"/> to a rule that is told <paramref name="stepNumber"/> for it, and updates
    /// one element by them.
    /// </summary>
    public void Try<TRule>(in TRule rule, Scalar<T>[] scalars, long t, long stepNumber, ReadOnlyMemory<double> before,
        Memory<double> after, ref TrialElement<T> element)
        where TRule : struct, IRule
    {
        fixed (Scalar<T>* first = scalars)
        {
            Start((T*)first, t);
            _stepNumber = stepNumber;
            _gradientNorm = 1;
            _before = before;
            _after = after;
            Run(rule, GradientScale.Identity, ref element.Parameter, element.Gradient, ref element.State);
        }
    }

    /// <summary>Starts the scalars of a formula that the caller runs, at update number <paramref name="t"/>.</summary>
    public ScalarPass<T> Start(T* scalars, long t)
    {
        _scalars = scalars;
        _count = 0;
        _t = _stepNumber = t;
        return this;
    }

    public override Scalar<T> ToElements(Scalar<double> scalar)
    {
        T value = T.CreateTruncating(scalar.Value);
        if (T.IsInfinity(value) && double.IsFinite(scalar.Value) && _stepNumber == _t) // a trial at another step number may overflow
        {
            throw new ArgumentOutOfRangeException(null, string.Create(CultureInfo.InvariantCulture,
                $"{Declaration.Name}: got the scalar {scalar.Value} at update {_t}, expected at most " +
                $"{T.BitDecrement(T.PositiveInfinity)}, the largest {ElementType.NameOf<T>()}."));
        }
        return Write(value);
    }

    public override Scalar<double> Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name)
    {
        Hyperparameters?.Add(name, value);
        return new(range.Check<T>(Declaration.Name, value, _t, symbol, name));
    }

    protected override Scalar<double> LoadDeclared(int index, double initial) => new(_stepNumber == 1 ? initial : _before.Span[index]);

    protected override void StoreDeclared(int index, Scalar<double> value) => _after.Span[index] = value.Value;

    private void Run<TRule>(in TRule rule, GradientScale scale, ref Scalar<T> θ, Scalar<T> g, ref State<Scalar<T>> state)
        where TRule : struct, IRule
    {
        Write(T.CreateTruncating(scale.Factor));
        Write(T.CreateTruncating(scale.Bound)); // a bound that the elements cannot reach is infinite to them
        Step<Scalar<double>, Scalar<T>> at = new(this);
        WeightDecay.Apply(rule.WeightDecay.Kind, rule, ref at, ref θ, ref g);
        rule.Update(ref at, ref θ, g, ref state);
    }

    private Scalar<T> Write(T value)
    {
        if (_count == Capacity)
        {
            throw new ArgumentException(
                $"{Declaration.Name}: the rule, with its decay, converts more than {StepScalars<T>.Capacity} scalars to the elements, " +
                $"expected at most {StepScalars<T>.Capacity}.");
        }
        _scalars[_count++] = value;
        return new(value);
    }
}
