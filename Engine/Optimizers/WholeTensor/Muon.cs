using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Momentum whose matrix is replaced by the nearest orthogonal matrix O ≈ UVᵀ of u = USVᵀ, by an iteration of Newton and Schulz (Jordan et
/// al., Muon: An optimizer for hidden layers in neural networks, 2024). For matrices only: other parameters belong under AdamW, as in
/// <c>Optimizer.For(new Muon(), parameters, others: new AdamW())</c>. The iteration runs in the precision of the parameters; PyTorch's
/// runs in bfloat16, which is 10⁻² off.
/// </summary>
/// <remarks>
/// <code>
/// m ← μm + (1 − μ)g
/// u = μm + (1 − μ)g
/// X = u/(‖u‖ + ε)
/// K times: A = XXᵀ, X ← aX + (bA + cA²)X
/// O = X
/// θ ← θ − ηκO
/// without Nesterov:    u = m
/// with BiasCorrection: u = μm/(1 − μᵗ⁺¹) + (1 − μ)g/(1 − μᵗ), or u = m/(1 − μᵗ) without Nesterov
/// with DualNorm:       θ ← θ − ηκ⟨u, O⟩O
/// </code>
/// </remarks>
public readonly record struct Muon() : ITensorRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>The momentum μ in [0, 1).</summary>
    public Hyperparameter Momentum { get; init; } = 0.95;

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>The number K in [0, 100) of rounds of the iteration.</summary>
    public Hyperparameter NewtonSchulzSteps { get; init; } = 5;

    /// <summary>The coefficients a, b and c of the iteration.</summary>
    public (double A, double B, double C) NewtonSchulzCoefficients { get; init; } = (3.4445, -4.7750, 2.0315);

    /// <summary>The constant ε ≥ 0 that is added to ‖u‖.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-7;

    /// <summary>The factor κ that scales the step for the shape of the matrix.</summary>
    public MuonScale Scale { get; init; }

    /// <summary>Whether the momentum is bias-corrected, as in optax.</summary>
    public bool BiasCorrection { get; init; }

    /// <summary>
    /// Whether the step is also scaled by ⟨u, O⟩, nearly the sum of the singular values of u: steepest descent under the spectral norm
    /// (Bernstein &amp; Newhouse, Old Optimizer, New Norm: An Anthology, 2024).
    /// </summary>
    public bool DualNorm { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; } = WeightDecay.Decoupled(0.1);

    /// <inheritdoc/>
    public static bool MatricesOnly => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => [new("m", "momentum_buffer", shape)];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), μ = step.Hyper(Momentum, "μ", lessThan: 1);
        double K = step.Hyper(NewtonSchulzSteps, "K", lessThan: 100), ε = step.Hyper(Epsilon, "ε");
        Span<T> θ = step.Value, m = step.State(0), u = step.Scratch(θ.Length), O = step.Scratch(θ.Length);
        double now = BiasCorrection ? 1 / (1 - Power.Of(μ, step.Number)) : 1;
        double next = BiasCorrection ? 1 / (1 - Power.Of(μ, step.Number + 1)) : 1;

        Vectors.Average(m, μ, step.Gradient);
        TensorPrimitives.Multiply(m, T.CreateTruncating(Nesterov ? μ * next : now), u);
        if (Nesterov)
        {
            Vectors.AddScaled(u, (1 - μ) * now, step.Gradient);
        }
        u.CopyTo(O);
        NewtonSchulz.Orthogonalize(O, step.Rows, step.Columns, NewtonSchulzCoefficients, (int)K, ε, step);
        double dual = DualNorm ? Vectors.Dot<T>(u, O) : 1;
        Vectors.AddScaled(θ, -η * dual * Scale.Of(step.Rows, step.Columns), O);
    }
}
