using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>Plain descent, θ ← θ − ηg, as a rule over whole tensors: it shows the gradient that reaches such rules.</summary>
internal readonly record struct Descent() : ITensorRule
{
    public Hyperparameter LearningRate { get; init; } = 1;

    public WeightDecay WeightDecay => WeightDecay.None;

    public IReadOnlyList<StateArray> States(in Shape shape) => [];

    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T> =>
        Vectors.AddScaled(step.Value, -step.Hyper(LearningRate, "η"), step.Gradient);
}
