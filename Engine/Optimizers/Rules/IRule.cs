namespace Engine;

/// <summary>
/// An update rule, element by element: a record struct whose properties are its hyper-parameters and whose one method is the paper's algorithm over lanes.
/// From it come the SIMD sweep over all parameters, the state arrays and their saving, groups (<c>rule with { LearningRate = 1e-4 }</c>), the printed formula,
/// the explained and the differentiable step.
/// </summary>
public interface IRule
{
    /// <summary>The step size η.</summary>
    Hyperparameter LearningRate { get; }

    /// <summary>The pull towards zero, applied before the rule.</summary>
    WeightDecay WeightDecay { get; init; }

    /// <summary>The names of the state arrays, each of the parameter's shape: at most four, under PyTorch's names where PyTorch has the rule.</summary>
    static abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>The letters of the state arrays in printed formulas, where those that go with <see cref="StateNames"/> (exp_avg m, exp_avg_sq v, momentum_buffer b …) are not the paper's.</summary>
    static virtual IReadOnlyList<string> StateSymbols => [];

    /// <summary>The names of the numbers kept for each parameter beside the arrays.</summary>
    static virtual IReadOnlyList<string> ScalarNames => [];

    /// <summary>Whether the rule asks for <see cref="Step{S, L}.GradientNorm"/>, which costs one more pass over the gradient.</summary>
    static virtual bool NeedsGradientNorm => false;

    /// <summary>What a state array holds before the first step: zero unless said otherwise.</summary>
    InitialState Initial(int index) => 0;

    /// <summary>One step of one element (or of a register full of them). Straight-line arithmetic: no branch may depend on the values.</summary>
    /// <param name="at">The step: hyper-parameters and scalars.</param>
    /// <param name="θ">The parameter's element, to be changed.</param>
    /// <param name="g">Its gradient, after clipping and after L2 decay.</param>
    /// <param name="state">The elements of the state arrays, to be changed.</param>
    /// <typeparam name="S">The lane of the step's scalars.</typeparam>
    /// <typeparam name="L">The lane of the elements.</typeparam>
    void Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state) where S : ILane<S> where L : ILane<L>;
}

/// <summary>One element of each state array, in the order of <see cref="IRule.StateNames"/>.</summary>
public struct State<L>
{
    /// <summary>Of the first array.</summary>
    public L First;

    /// <summary>Of the second array.</summary>
    public L Second;

    /// <summary>Of the third array.</summary>
    public L Third;

    /// <summary>Of the fourth array.</summary>
    public L Fourth;
}

/// <summary>What a state array holds before the first step: one number, or a copy of the parameter.</summary>
public readonly record struct InitialState
{
    /// <summary>The number, where it is not the parameter.</summary>
    public double Value { get; private init; }

    /// <summary>Whether the array starts as a copy of the parameter.</summary>
    public bool IsParameter { get; private init; }

    /// <summary>A copy of the parameter.</summary>
    public static InitialState Parameter => new() { IsParameter = true };

    /// <summary>The same number everywhere, which the rule demands to be no less than 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    internal static InitialState NonNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"Got {name} = {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}, expected a finite number from 0.");

    /// <summary>The same number everywhere.</summary>
    public static implicit operator InitialState(double value) => new() { Value = value };
}

/// <summary>A rule that is to be evaluated at another point than the one it descends from.</summary>
public interface IAveragedRule : IRule
{
    /// <summary>The point of evaluation of one element, after the step that <paramref name="at"/> describes.</summary>
    L Evaluated<S, L>(ref Step<S, L> at, L θ, in State<L> state) where S : ILane<S> where L : ILane<L>;
}
