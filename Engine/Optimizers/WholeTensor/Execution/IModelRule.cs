using System.Numerics;

namespace Engine;

/// <summary>An update rule that needs all parameters of its group together: a distance or a norm over the whole model.</summary>
public interface IModelRule
{
    /// <summary>The step size η.</summary>
    Hyperparameter LearningRate { get; init; }

    /// <summary>The weight decay, applied before the rule.</summary>
    WeightDecay WeightDecay { get; }

    /// <summary>The numbers that are kept for the whole model.</summary>
    static virtual IReadOnlyList<StateName> Scalars => [];

    /// <summary>The state arrays for a parameter of this shape.</summary>
    IReadOnlyList<StateArray> States(in Shape shape);

    /// <summary>
    /// Updates all parameters that have a gradient. The method reads all hyperparameters before it changes anything: it runs on a
    /// parameter of one element first.
    /// </summary>
    void Update<T>(ModelStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>;
}
