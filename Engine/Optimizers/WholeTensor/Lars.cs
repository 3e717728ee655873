using Engine.Kernels;

namespace Engine;

/// <summary>
/// You, Gitman &amp; Ginsburg, Large Batch Training of Convolutional Networks, 2017: each tensor's rate is scaled by its trust ratio, r = τ‖θ‖/(‖g‖ + λ‖θ‖), or 1 where a norm
/// is 0; b ← μb + r(g + λθ), θ ← θ − ηb. Without momentum and decay the step has the length ητ‖θ‖, whatever the gradient's. The paper's own decay is <see cref="Decay"/>.
/// Biases and norms belong into a group under <see cref="Momentum"/>.
/// </summary>
public readonly record struct Lars() : ITensorRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1;

    /// <summary>μ in [0, 1).</summary>
    public Hyperparameter Momentum { get; init; } = 0.9;

    /// <summary>τ ≥ 0: the length of a step as a part of ‖θ‖.</summary>
    public Hyperparameter Trust { get; init; } = 1e-3;

    /// <summary>λ ≥ 0: decay inside the trust ratio.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>Whether the gradient comes in ahead of its momentum: θ ← θ − η(r(g + λθ) + μb).</summary>
    public bool Nesterov { get; init; }

    /// <summary>Whether the ratio is τ‖θ‖/‖g + λθ‖, as in optax, instead of the paper's.</summary>
    public bool JointNorm { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => [new("b", "momentum_buffer", shape)];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), μ = step.Hyper(Momentum, "μ", lessThan: 1), τ = step.Hyper(Trust, "τ"), λ = step.Hyper(Decay, "λ");
        Span<T> θ = step.Value, b = step.State(0), u = step.Scratch(θ.Length);

        step.Gradient.CopyTo(u);
        Vectors.AddScaled(u, λ, θ);
        double size = Vectors.Norm<T>(θ), slope = JointNorm ? Vectors.Norm<T>(u) : Vectors.Norm(step.Gradient) + (λ * size);
        double r = size == 0 || slope == 0 ? 1 : τ * size / slope;
        Vectors.Mix(b, μ, r, u);
        if (Nesterov)
        {
            Vectors.AddScaled(θ, -η * r, u);
        }
        Vectors.AddScaled(θ, Nesterov ? -η * μ : -η, b);
    }
}
