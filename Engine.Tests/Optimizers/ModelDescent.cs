using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>Plain descent, θ ← θ − ηg, as a rule over the whole model: it shows the gradients that reach such rules.</summary>
internal readonly record struct ModelDescent() : IModelRule
{
    public Hyperparameter LearningRate { get; init; } = 1;

    public WeightDecay WeightDecay => WeightDecay.None;

    public IReadOnlyList<StateArray> States(in Shape shape) => [];

    public void Update<T>(ModelStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η");
        foreach (TensorStep<T> tensor in step.Tensors)
        {
            Vectors.AddScaled(tensor.Value, -η, tensor.Gradient);
        }
    }
}
