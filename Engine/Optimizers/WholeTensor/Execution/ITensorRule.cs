using System.Numerics;

namespace Engine;

/// <summary>
/// An update rule that needs a whole parameter: its norm, its rows and columns, its matrix. A record struct whose properties are its
/// hyperparameters; elementwise rules are <see cref="IRule"/>s. The engine derives from it the group, the state with its saving, and the
/// checks.
/// </summary>
public interface ITensorRule
{
    /// <summary>The step size η.</summary>
    Hyperparameter LearningRate { get; init; }

    /// <summary>The weight decay, applied before the rule.</summary>
    WeightDecay WeightDecay { get; }

    /// <summary>Whether the rule takes only parameters of two dimensions.</summary>
    static virtual bool MatricesOnly => false;

    /// <summary>Whether the rule itself multiplies θ by <see cref="TensorStep{T}.Decay"/>, because it needs θ before the decay.</summary>
    static virtual bool AppliesDecay => false;

    /// <summary>The state arrays for a parameter of this shape.</summary>
    IReadOnlyList<StateArray> States(in Shape shape);

    /// <summary>
    /// Updates one parameter. The method reads all hyperparameters before it changes anything: it runs on a parameter of one element
    /// first, to find those outside their range.
    /// </summary>
    void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>;
}
