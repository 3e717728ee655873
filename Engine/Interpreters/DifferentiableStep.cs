using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The steps of an elementwise rule as operations on the tape. Parameter, state and hyperparameters are tensors, so that one backward pass
/// gives the derivatives of a loss after k steps with respect to the learning rate, β₁ or the initial θ, for hypergradients and
/// meta-learning. The numbers are those of <see cref="Optimizer{T}.Step"/> without clipping, to rounding.
/// </summary>
/// <example>
/// <code>
/// DifferentiableStep&lt;Adam, double&gt; adam = new(new Adam());
/// adam = adam.With(nameof(Adam.LearningRate), η.Value);
/// using (tape.Record())
/// {
///     DifferentiableState&lt;double&gt; at = adam.Start(θ.Value);
///     for (int k = 0; k &lt; 5; k++)
///     {
///         at = adam.Next(at, curvature * at.Parameter);
///     }
///     tape.Backward((at.Parameter * at.Parameter).Sum());
/// }
/// </code>
/// </example>
/// <remarks>
/// The gradient passed to <see cref="Next"/> must be computed by operations on the parameter for derivatives to go through it. A gradient
/// that is a constant contributes none, which is the first-order approximation.
/// </remarks>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DifferentiableStep<TRule, T> where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly RuleDeclaration _declaration = RuleDeclaration.Of<TRule>();
    private readonly TRule _rule;
    private readonly Dictionary<string, Tensor<T>> _hypers;

    /// <summary>Creates the steps of <paramref name="rule"/>.</summary>
    /// <exception cref="ArgumentException">The rule declares more state than there is, or a name twice.</exception>
    public DifferentiableStep(TRule rule) : this(rule, [])
    {
    }

    private DifferentiableStep(TRule rule, Dictionary<string, Tensor<T>> hypers)
    {
        _rule = rule;
        _hypers = hypers;
    }

    /// <summary>The same steps with a tensor in place of one of the rule's hyperparameters.</summary>
    /// <param name="property">
    /// The rule's property, for example <c>nameof(Adam.Beta1)</c>; <c>nameof(IRule.WeightDecay)</c> for the coefficient of the weight
    /// decay.
    /// </param>
    /// <param name="value">A tensor of one element.</param>
    /// <exception cref="ArgumentException">
    /// The rule's step uses no such hyperparameter, or the tensor has not exactly one element.
    /// </exception>
    public DifferentiableStep<TRule, T> With(string property, in Tensor<T> value)
    {
        string[] known = [.. Formula.Of(_rule).Hyperparameters.Select(h => h.Property)];
        if (!known.Contains(property))
        {
            throw new ArgumentException($"With: got '{property}' for {typeof(TRule).Name}, expected one of {string.Join(", ", known)}.",
                nameof(property));
        }
        if (value.Length != 1)
        {
            throw new ArgumentException($"With: got the shape {value.Shape} for {property}, expected exactly one element.", nameof(value));
        }
        return new DifferentiableStep<TRule, T>(_rule, new Dictionary<string, Tensor<T>>(_hypers) { [property] = value });
    }

    /// <summary>Creates the state before the first update.</summary>
    public DifferentiableState<T> Start(in Tensor<T> parameter)
    {
        Tensor<T>[] state = new Tensor<T>[TRule.States.Count];
        for (int i = 0; i < state.Length; i++)
        {
            InitialState initial = _rule.InitialValue(i);
            state[i] = initial.IsParameter ? parameter : Tensor<T>.Full(parameter.Shape, T.CreateTruncating(initial.Value));
        }
        return new DifferentiableState<T>(0, parameter, state, new TensorLane<T>[TRule.Scalars.Count]);
    }

    /// <summary>Makes one update; <paramref name="at"/> is not changed.</summary>
    /// <param name="at">The state before the update.</param>
    /// <param name="gradient">The gradient, of the parameter's shape.</param>
    /// <exception cref="ArgumentException">The gradient has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is outside its range.</exception>
    public DifferentiableState<T> Next(DifferentiableState<T> at, in Tensor<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(at);
        if (gradient.Shape != at.Parameter.Shape)
        {
            throw new ArgumentException(
                $"Next: got a gradient of shape {gradient.Shape} for a parameter of shape {at.Parameter.Shape}, expected the same shape.",
                nameof(gradient));
        }
        TensorInterpreter<T> interpreter = new(_declaration, _hypers, at)
        {
            Norm = TRule.NeedsGradientNorm ? TensorLane<T>.Sqrt((gradient * gradient).Sum()) : double.NaN,
        };
        Step<TensorLane<T>, TensorLane<T>> step = new(interpreter);
        TensorLane<T> θ = at.Parameter, g = gradient;
        WeightDecay.Apply(_rule.WeightDecay.Kind, _rule, ref step, ref θ, ref g);
        State<TensorLane<T>> state = at.Lanes();
        _rule.Update(ref step, ref θ, g, ref state);
        TensorLane<T>[] fields = [state.First, state.Second, state.Third, state.Fourth];
        Shape shape = at.Parameter.Shape;
        Tensor<T>[] updated = [.. fields[..at.State.Count].Select(field => BroadcastTo(field, shape))];
        return new DifferentiableState<T>(at.Updates + 1, BroadcastTo(θ, shape), updated, interpreter.Scalars);
    }

    /// <summary>
    /// The point at which the model is evaluated: the parameter itself, or the average of an <see cref="IAveragedRule"/>.
    /// </summary>
    public Tensor<T> EvaluationPoint(DifferentiableState<T> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        if (_rule is not IAveragedRule averaged)
        {
            return at.Parameter;
        }
        Step<TensorLane<T>, TensorLane<T>> step = new(new TensorInterpreter<T>(_declaration, _hypers, at));
        return BroadcastTo(averaged.EvaluationPoint(ref step, at.Parameter, at.Lanes()), at.Parameter.Shape);
    }

    /// <summary>Broadcasts a result that is one number to all elements.</summary>
    private static Tensor<T> BroadcastTo(TensorLane<T> lane, in Shape shape) =>
        lane.Tensor is { } tensor && tensor.Shape == shape ? tensor : tensor + Tensor<T>.Zeros(shape);
}
