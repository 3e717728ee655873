using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The steps of an elementwise rule as operations on the tape. Parameter, state and hyper-parameters are tensors, so that one backward walk gives the derivative of a loss after
/// k steps by the learning rate, by β₁, by the first θ: hyper-gradients, meta-learning. The numbers are those of <see cref="Optimizer{T}.Step"/> without clipping, to rounding.
/// </summary>
/// <example>
/// <code>
/// DifferentiableStep&lt;Adam, double&gt; adam = new DifferentiableStep&lt;Adam, double&gt;(new Adam()).With(nameof(Adam.LearningRate), η.Value);
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
/// The gradient given to <see cref="Next"/> is to be written as operations on the parameter where the derivative shall go through it: the tape does not differentiate its own walk back.
/// A gradient that is a mere number stands still in the derivative (the first-order approximation).
/// </remarks>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DifferentiableStep<TRule, T> where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TRule _rule;
    private readonly Dictionary<string, Tensor<T>> _hypers;

    /// <summary>Steps of <paramref name="rule"/>.</summary>
    public DifferentiableStep(TRule rule) : this(rule, [])
    {
    }

    private DifferentiableStep(TRule rule, Dictionary<string, Tensor<T>> hypers)
    {
        _rule = rule;
        _hypers = hypers;
    }

    /// <summary>The same steps with a tensor in place of one of the rule's hyper-parameters.</summary>
    /// <param name="property">The rule's property, for example <c>nameof(Adam.Beta1)</c>; <c>nameof(IRule.WeightDecay)</c> for the decay's coefficient.</param>
    /// <param name="value">One element.</param>
    /// <exception cref="ArgumentException">The rule's step uses no such hyper-parameter, or the tensor has not exactly one element.</exception>
    public DifferentiableStep<TRule, T> With(string property, in Tensor<T> value)
    {
        string[] known = [.. Formula.Of(_rule).Hyperparameters.Select(h => h.Property)];
        if (!known.Contains(property))
        {
            throw new ArgumentException($"With: got '{property}' for {typeof(TRule).Name}, expected one of {string.Join(", ", known)}.", nameof(property));
        }
        if (value.Length != 1)
        {
            throw new ArgumentException($"With: got the shape {value.Shape} for {property}, expected exactly one element.", nameof(value));
        }
        return new DifferentiableStep<TRule, T>(_rule, new Dictionary<string, Tensor<T>>(_hypers) { [property] = value });
    }

    /// <summary>Before the first update.</summary>
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

    /// <summary>One update on. What <paramref name="at"/> holds stays as it is.</summary>
    /// <param name="at">Where the update starts.</param>
    /// <param name="gradient">The gradient there, of the parameter's shape.</param>
    /// <exception cref="ArgumentException">The gradient has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter lies outside its range.</exception>
    public DifferentiableState<T> Next(DifferentiableState<T> at, in Tensor<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(at);
        if (gradient.Shape != at.Parameter.Shape)
        {
            throw new ArgumentException($"Next: got a gradient of shape {gradient.Shape} for a parameter of shape {at.Parameter.Shape}, expected the same.", nameof(gradient));
        }
        TensorInterpreter<T> interpreter = new(typeof(TRule).Name, _hypers, at)
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
        return new DifferentiableState<T>(at.Updates + 1, Whole(θ, shape), [.. fields[..at.State.Count].Select(f => Whole(f, shape))], interpreter.Scalars);
    }

    /// <summary>The point at which the model is to be evaluated: the parameter itself, or the average of an <see cref="IAveragedRule"/>.</summary>
    public Tensor<T> EvaluationPoint(DifferentiableState<T> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        if (_rule is not IAveragedRule averaged)
        {
            return at.Parameter;
        }
        Step<TensorLane<T>, TensorLane<T>> step = new(new TensorInterpreter<T>(typeof(TRule).Name, _hypers, at));
        return Whole(averaged.EvaluationPoint(ref step, at.Parameter, at.Lanes()), at.Parameter.Shape);
    }

    /// <summary>A result that came out as one number, stretched to all elements.</summary>
    private static Tensor<T> Whole(TensorLane<T> lane, in Shape shape) => lane.Tensor is { } tensor && tensor.Shape == shape ? tensor : tensor + Tensor<T>.Zeros(shape);
}

/// <summary>Parameter and state after some updates of a <see cref="DifferentiableStep{TRule, T}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DifferentiableState<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal DifferentiableState(long updates, in Tensor<T> parameter, IReadOnlyList<Tensor<T>> state, TensorLane<T>[] scalars)
    {
        Updates = updates;
        Parameter = parameter;
        State = state;
        Scalars = scalars;
    }

    /// <summary>The updates made.</summary>
    public long Updates { get; }

    /// <summary>θ.</summary>
    public Tensor<T> Parameter { get; }

    /// <summary>The state arrays, in the order of <see cref="IRule.States"/>.</summary>
    public IReadOnlyList<Tensor<T>> State { get; }

    /// <summary>The numbers kept beside the arrays.</summary>
    internal TensorLane<T>[] Scalars { get; }

    internal State<TensorLane<T>> Lanes()
    {
        return new State<TensorLane<T>> { First = Lane(0), Second = Lane(1), Third = Lane(2), Fourth = Lane(3) };

        TensorLane<T> Lane(int i) => i < State.Count ? State[i] : 0;
    }
}

/// <summary>A rule read as operations on the tape.</summary>
internal sealed class TensorInterpreter<T>(string ruleName, IReadOnlyDictionary<string, Tensor<T>> hypers, DifferentiableState<T> at) : Interpreter<TensorLane<T>, TensorLane<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly long _t = at.Updates + 1;

    public TensorLane<T>[] Scalars { get; } = [.. at.Scalars];

    public override TensorLane<T> StepNumber => _t;

    public override TensorLane<T> GradientNorm => Norm;

    public TensorLane<T> Norm { get; init; }

    public override TensorLane<T> Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name)
    {
        TensorLane<T> lane = hypers.TryGetValue(name, out Tensor<T> tensor) ? tensor : value.At(at.Updates);
        range.Check(ruleName, lane.Single!.Value, _t, symbol, name);
        return lane;
    }

    public override TensorLane<T> ToElements(TensorLane<T> scalar) => scalar;

    public override TensorLane<T> LoadScalar(int index, double initial) => at.Updates == 0 ? initial : at.Scalars[index];

    public override void StoreScalar(int index, TensorLane<T> value) => Scalars[index] = value;
}
