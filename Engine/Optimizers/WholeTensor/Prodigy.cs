using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Adam whose learning rate is an estimate d of the distance from the start θ₀ to the solution (Mishchenko &amp; Defazio, Prodigy: An
/// Expeditiously Adaptive Parameter-Free Learner, 2024, as in the authors' package). The weight decay of the paper is <see cref="Decay"/>.
/// </summary>
/// <remarks>
/// <code>
/// δ = dη
/// r ← β₃r + (d/d₀)δ⟨g, θ₀ − θ⟩
/// m ← β₁m + (1 − β₁)dg
/// v ← β₂v + (1 − β₂)d²g²
/// s ← β₃s + (d/d₀)δg
/// d̂ = cr/‖s‖₁, or 0 where ‖s‖₁ is 0
/// dₘₐₓ ← max(dₘₐₓ, d̂)
/// d ← min(dₘₐₓ, γd), with max(d, d̂) in place of d while d = d₀
/// θ ← (1 − δλ)θ
/// θ ← θ − δm/(√v + dε)
/// where η = 0:          d and dₘₐₓ stay
/// with BiasCorrection:  δ = dη·√(1 − β₂ᵗ)/(1 − β₁ᵗ)
/// with SafeguardWarmup: s ← β₃s + (d/d₀)dg
/// r, ⟨·, ·⟩ and ‖·‖₁ run over all parameters of the group; δ stays as it was computed when d changes
/// </code>
/// </remarks>
public readonly record struct Prodigy() : IModelRule
{
    /// <summary>The factor η ≥ 0 on the estimate, which is the place for a schedule.</summary>
    public Hyperparameter LearningRate { get; init; } = 1;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>The decay rate β₃ in [0, 1) of r and s; NaN for √β₂.</summary>
    public double Beta3 { get; init; } = double.NaN;

    /// <summary>The constant ε ≥ 0 that is added, times d, outside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-8;

    /// <summary>The initial estimate d₀ &gt; 0.</summary>
    public Hyperparameter InitialDistance { get; init; } = 1e-6;

    /// <summary>The factor c ≥ 0 on d̂.</summary>
    public Hyperparameter DistanceCoefficient { get; init; } = 1;

    /// <summary>The bound γ ≥ 1 on the factor by which d grows in one step.</summary>
    public Hyperparameter GrowthRate { get; init; } = double.MaxValue;

    /// <summary>The weight decay λ ≥ 0, which is multiplied by δ.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>Whether m and v are bias-corrected.</summary>
    public bool BiasCorrection { get; init; }

    /// <summary>Whether η is left out of s, so that a warmup does not make d̂ too large.</summary>
    public bool SafeguardWarmup { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> Scalars { get; } = [("d", "d"), ("dₘₐₓ", "d_max"), ("r", "d_numerator")];

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) =>
    [
        new("m", "exp_avg", shape), new("v", "exp_avg_sq", shape), new("s", "s", shape),
        new("θ₀", "p0", shape, InitialState.Parameter),
    ];

    /// <inheritdoc/>
    public void Update<T>(ModelStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1), β2 = step.Hyper(Beta2, "β₂", lessThan: 1);
        double β3 = step.Hyper(double.IsNaN(Beta3) ? Math.Sqrt(β2) : Beta3, "β₃", lessThan: 1, name: nameof(Beta3));
        double ε = step.Hyper(Epsilon, "ε"), d0 = step.Hyper(InitialDistance, "d₀", greaterThan: 0);
        double c = step.Hyper(DistanceCoefficient, "c"), γ = step.Hyper(GrowthRate, "γ", atLeast: 1), λ = step.Hyper(Decay, "λ");
        double d = step.LoadScalar(0, d0), dMax = step.LoadScalar(1, d0), r = step.LoadScalar(2, 0) * β3, length = 0;
        double correction = BiasCorrection ? Math.Sqrt(1 - Power.Of(β2, step.Number)) / (1 - Power.Of(β1, step.Number)) : 1;
        double δ = d * η * correction;

        foreach (TensorStep<T> tensor in step.Tensors)
        {
            ReadOnlySpan<T> g = tensor.Gradient;
            Span<T> m = tensor.State(0), v = tensor.State(1), s = tensor.State(2), distance = tensor.Scratch(g.Length);
            tensor.State(3).CopyTo(distance);
            Vectors.AddScaled<T>(distance, -1, tensor.Value);
            r += d / d0 * δ * Vectors.Dot<T>(g, distance);
            Vectors.Mix(m, β1, d * (1 - β1), g);
            Vectors.MixSquares(v, β2, d * d * (1 - β2), g);
            Vectors.Mix(s, β3, d / d0 * (SafeguardWarmup ? d : δ), g);
            length += Vectors.AbsoluteSum<T>(s);
        }
        double estimate = length > 0 ? c * r / length : 0; // all gradients so far were zero
        if (η > 0)
        {
            double before = d;
            dMax = Math.Max(dMax, estimate);
            d = Math.Min(dMax, (before == d0 ? Math.Max(before, estimate) : before) * γ);
        }
        step.StoreScalar(0, d);
        step.StoreScalar(1, dMax);
        step.StoreScalar(2, r);
        foreach (TensorStep<T> tensor in step.Tensors)
        {
            Span<T> θ = tensor.Value, u = tensor.Scratch(θ.Length);
            Vectors.DivideByRoot<T>(tensor.State(0), 1, tensor.State(1), 1, d * ε, u);
            Vectors.Scale(θ, 1 - (δ * λ));
            Vectors.AddScaled(θ, -δ, u);
        }
    }
}
