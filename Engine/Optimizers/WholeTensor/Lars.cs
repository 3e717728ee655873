using System.Numerics;

namespace Engine;

/// <summary>
/// Momentum whose step is scaled, for each parameter, to a length in proportion to the parameter's (You, Gitman &amp; Ginsburg, Large
/// Batch Training of Convolutional Networks, 2017). Without momentum and decay a step has the length ητ‖θ‖, whatever the gradient. The
/// weight decay of the paper is <see cref="Decay"/>. Biases and scales of normalization belong in a group under
/// <see cref="Engine.Momentum"/>.
/// </summary>
/// <remarks>
/// <code>
/// u = g + λθ
/// r = τ‖θ‖/(‖g‖ + λ‖θ‖), or 1 where ‖θ‖ or the divisor is 0
/// b ← μb + ru
/// θ ← θ − ηb
/// with Nesterov:        θ ← θ − η(ru + μb)
/// with DecayInsideNorm: r = τ‖θ‖/‖u‖
/// </code>
/// </remarks>
public readonly record struct Lars() : ITensorRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1;

    /// <summary>The momentum μ in [0, 1).</summary>
    public Hyperparameter Momentum { get; init; } = 0.9;

    /// <summary>The trust coefficient τ ≥ 0: the length of a step as a part of ‖θ‖.</summary>
    public Hyperparameter TrustCoefficient { get; init; } = 1e-3;

    /// <summary>The weight decay λ ≥ 0 inside the trust ratio.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Whether the trust ratio is τ‖θ‖/‖g + λθ‖, as in optax, instead of the paper's τ‖θ‖/(‖g‖ + λ‖θ‖).</summary>
    public bool DecayInsideNorm { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => [new("b", "momentum_buffer", shape)];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), μ = step.Hyper(Momentum, "μ", lessThan: 1), τ = step.Hyper(TrustCoefficient, "τ");
        double λ = step.Hyper(Decay, "λ");
        Span<T> θ = step.Value, b = step.State(0), u = step.Scratch(θ.Length);

        step.Gradient.CopyTo(u);
        Vectors.AddScaled(u, λ, θ);
        double norm = Vectors.Norm<T>(θ), divisor = DecayInsideNorm ? Vectors.Norm<T>(u) : Vectors.Norm(step.Gradient) + (λ * norm);
        double r = norm == 0 || divisor == 0 ? 1 : τ * norm / divisor;
        Vectors.Mix(b, μ, r, u);
        if (Nesterov)
        {
            Vectors.AddScaled(θ, -η * r, u);
        }
        Vectors.AddScaled(θ, Nesterov ? -η * μ : -η, b);
    }
}
