using System.Numerics;

namespace Engine;

/// <summary>
/// An update rule that looks at a whole parameter: at its norm, its rows and columns, its matrix. A record struct whose properties are its hyper-parameters;
/// rules that go element by element are <see cref="IRule"/>s. From it come the group, the state with its saving, the checks.
/// </summary>
public interface ITensorRule
{
    /// <summary>The step size η.</summary>
    Hyperparameter LearningRate { get; }

    /// <summary>The pull towards zero, applied before the rule.</summary>
    WeightDecay WeightDecay { get; }

    /// <summary>Whether the rule is for parameters of two dimensions alone.</summary>
    static virtual bool MatricesOnly => false;

    /// <summary>Whether the rule itself multiplies θ by <see cref="TensorStep{T}.Decay"/>, because it must see θ before.</summary>
    static virtual bool DecaysItself => false;

    /// <summary>The state arrays for a parameter of this shape, under PyTorch's names where PyTorch has the rule.</summary>
    IReadOnlyList<StateArray> State(in Shape shape);

    /// <summary>One step of one parameter. It asks for all hyper-parameters before it changes anything; it may run on a stand-in of one element first, to find those out of range.</summary>
    void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>A tensor rule that also follows the curvature of the loss, from gradients of their own that come every few steps.</summary>
public interface ICurvatureRule : ITensorRule
{
    /// <summary>Takes up the gradient of <see cref="TensorStep{T}.Gradient"/> as one of those.</summary>
    void UpdateCurvature<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>An update rule that looks at all parameters of its group together: at a distance or a norm over the whole model.</summary>
public interface IModelRule
{
    /// <summary>The step size η.</summary>
    Hyperparameter LearningRate { get; }

    /// <summary>The pull towards zero, applied before the rule.</summary>
    WeightDecay WeightDecay { get; }

    /// <summary>The state arrays for a parameter of this shape.</summary>
    IReadOnlyList<StateArray> State(in Shape shape);

    /// <summary>The names of the numbers kept for the whole model.</summary>
    static virtual IReadOnlyList<string> ScalarNames => [];

    /// <summary>One step of all parameters that have a gradient. It asks for all hyper-parameters before it changes anything; it may run on a stand-in of one element first.</summary>
    void Update<T>(ModelStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>;
}
