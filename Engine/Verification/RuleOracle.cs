namespace Engine;

/// <summary>
/// A rule on one number, step by step in double precision, as a reader would compute it with pencil and paper: the reference of a test. An
/// optimizer over <see cref="double"/> gives the same bits for a parameter with one element.
/// </summary>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed class RuleOracle<TRule> where TRule : struct, IRule
{
    /// <summary>A step number whose βᵗ is 0, as if all corrections had faded.</summary>
    private const double Late = 1e9;

    private readonly TRule _rule;
    private readonly RuleMistake? _mistake;
    private readonly double[] _scalars = new double[TRule.Scalars.Count], _state = new double[RuleDeclaration.MaxStates];
    private readonly NumberInterpreter<Scalar<double>> _numbers;
    private readonly NumberInterpreter<InsideRoot> _insideRoots;

    /// <summary>Creates an oracle before its first step.</summary>
    /// <param name="rule">The rule with its hyperparameters.</param>
    /// <param name="parameter">The value θ before the first step.</param>
    /// <exception cref="ArgumentException">The rule's declarations cannot work.</exception>
    public RuleOracle(TRule rule, double parameter)
        : this(rule, parameter, null)
    {
    }

    /// <summary>Creates an oracle of the rule as somebody who makes a certain mistake would read it.</summary>
    internal RuleOracle(TRule rule, double parameter, RuleMistake? mistake)
    {
        RuleDeclaration declaration = RuleDeclaration.Of<TRule>();
        RuleDeclaration.CheckConstructed(rule);
        (_rule, _mistake, Parameter) = (Misread(rule, mistake), mistake, parameter);
        _numbers = new(declaration, _scalars);
        _insideRoots = new(declaration, _scalars);
        for (int i = 0; i < TRule.States.Count; i++)
        {
            InitialState initial = rule.InitialValue(i);
            _state[i] = initial.IsParameter ? parameter : initial.Value;
        }
    }

    /// <summary>The value θ.</summary>
    public double Parameter { get; private set; }

    /// <summary>The steps made.</summary>
    public long Updates { get; private set; }

    /// <summary>The rule's state under its keys, such as <c>exp_avg</c>.</summary>
    public IReadOnlyDictionary<string, double> State => TRule.States.Select((name, i) => (name.Key, _state[i]))
        .Concat(TRule.Scalars.Select((name, i) => (name.Key, _scalars[i])))
        .ToDictionary(static entry => entry.Key, static entry => entry.Item2);

    /// <summary>Makes a step.</summary>
    /// <param name="gradient">The gradient g.</param>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is outside its range; nothing is changed.</exception>
    public void Step(double gradient)
    {
        gradient = _mistake == RuleMistake.Ascends ? -gradient : gradient;
        double stepNumber = _mistake switch
        {
            RuleMistake.NoBiasCorrection => Late,
            RuleMistake.CountOneAhead => Updates + 2,
            _ => Updates + 1,
        };
        if (_mistake == RuleMistake.EpsilonInsideRoot)
        {
            Step(_insideRoots, stepNumber, gradient, static number => number.Value.Value);
        }
        else
        {
            Step(_numbers, stepNumber, gradient, static number => number.Value);
        }
    }

    private void Step<L>(NumberInterpreter<L> interpreter, double stepNumber, double gradient, Func<L, double> toNumber) where L : ILane<L>
    {
        interpreter.Begin(Updates + 1, stepNumber, Math.Abs(gradient));
        Step<Scalar<double>, L> at = new(interpreter);
        L θ = Parameter, g = gradient;
        State<L> state = new() { First = _state[0], Second = _state[1], Third = _state[2], Fourth = _state[3] };
        for (int i = 0; i < (_mistake == RuleMistake.DecayTwice ? 2 : 1); i++)
        {
            WeightDecay.Apply(_rule.WeightDecay.Kind, _rule, ref at, ref θ, ref g);
        }
        _rule.Update(ref at, ref θ, g, ref state);
        Parameter = toNumber(θ);
        (_state[0], _state[1], _state[2], _state[3]) =
            (toNumber(state.First), toNumber(state.Second), toNumber(state.Third), toNumber(state.Fourth));
        Updates++;
    }

    private static TRule Misread(TRule rule, RuleMistake? mistake)
    {
        Hyperparameter rate = rule.LearningRate, coefficient = rule.WeightDecay.Coefficient;
        return mistake switch
        {
            RuleMistake.DecayWithoutRate => rule with { WeightDecay = WeightDecay.Independent(coefficient) },
            RuleMistake.DecayInGradient => rule with { WeightDecay = WeightDecay.L2(coefficient) },
            RuleMistake.DecayDecoupled => rule with { WeightDecay = WeightDecay.Decoupled(coefficient) },
            RuleMistake.NoDecay => rule with { WeightDecay = WeightDecay.None },
            RuleMistake.RateTwice => rule with { LearningRate = rate.At(0) * rate.At(0) },
            _ => rule,
        };
    }
}
