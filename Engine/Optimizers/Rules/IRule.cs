namespace Engine;

/// <summary>
/// An update rule that works element by element: a record struct whose properties are its hyperparameters and whose one method is the
/// paper's algorithm over lanes. The engine makes of it the SIMD sweep over all parameters, the state arrays and their saving, groups
/// (<c>rule with { LearningRate = 1e-4 }</c>), the printed formula, the explained step and the differentiable step.
/// </summary>
public interface IRule
{
    /// <summary>The step size η.</summary>
    Hyperparameter LearningRate { get; init; }

    /// <summary>The weight decay, applied before the rule.</summary>
    WeightDecay WeightDecay { get; init; }

    /// <summary>
    /// The state arrays, each of the parameter's shape: at most four, in the order of the fields of <see cref="State{L}"/>.
    /// </summary>
    static abstract IReadOnlyList<StateName> States { get; }

    /// <summary>
    /// The numbers that are kept from step to step for each parameter as a whole, in the order in which
    /// <see cref="Step{S, L}.LoadScalar"/> counts them.
    /// </summary>
    static virtual IReadOnlyList<StateName> Scalars => [];

    /// <summary>Whether the rule reads <see cref="Step{S, L}.GradientNorm"/>, which costs one more pass over the gradient.</summary>
    static virtual bool NeedsGradientNorm => false;

    /// <summary>The value of a state array before the first step; zero by default.</summary>
    /// <param name="index">The array's position in <see cref="States"/>.</param>
    InitialState InitialValue(int index) => 0;

    /// <summary>
    /// Updates one element, or one register full of elements. Straight-line arithmetic: no branch may depend on a value.
    /// </summary>
    /// <param name="at">The step: its hyperparameters, its count and its scalars.</param>
    /// <param name="parameter">The parameter's element θ, which the method updates.</param>
    /// <param name="gradient">The gradient's element g, after clipping and after L2 decay.</param>
    /// <param name="state">The elements of the state arrays, which the method updates.</param>
    /// <typeparam name="S">The lane of the step's scalars.</typeparam>
    /// <typeparam name="L">The lane of the elements.</typeparam>
    void Update<S, L>(ref Step<S, L> at, ref L parameter, L gradient, ref State<L> state) where S : ILane<S> where L : ILane<L>;
}
