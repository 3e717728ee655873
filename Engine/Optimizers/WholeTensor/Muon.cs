using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024: momentum, made orthogonal. m ← μm + (1 − μ)g; with Nesterov's look ahead u = μm + (1 − μ)g, else u = m;
/// O ≈ UVᵀ of u = USVᵀ by <see cref="Iterations"/> rounds of Newton–Schulz; θ ← θ − ηκO, with κ by <see cref="Scale"/>. For matrices alone: the others belong under AdamW
/// (<c>Optimizer.For(new Muon(), parameters, others: new AdamW())</c>). The iteration runs in the precision of the parameters (PyTorch: bfloat16, 10⁻² off).
/// </summary>
public readonly record struct Muon() : ITensorRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>μ in [0, 1).</summary>
    public Hyperparameter Momentum { get; init; } = 0.95;

    /// <summary>Whether the gradient comes in ahead of its momentum.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Rounds of the iteration, from 0 to 99.</summary>
    public Hyperparameter Iterations { get; init; } = 5;

    /// <summary>a, b and c of the iteration.</summary>
    public (double A, double B, double C) Coefficients { get; init; } = (3.4445, -4.7750, 2.0315);

    /// <summary>ε ≥ 0, added to the norm that u is divided by.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-7;

    /// <summary>κ: how the step is scaled by the matrix's shape.</summary>
    public MuonScale Scale { get; init; }

    /// <summary>Whether momentum is corrected for its start at 0 before the look ahead, as in optax: u = μm/(1 − μᵗ⁺¹) + (1 − μ)g/(1 − μᵗ).</summary>
    public bool CorrectsBias { get; init; }

    /// <summary>Whether the step is also scaled by ⟨u, O⟩, nearly the sum of the singular values of u: steepest descent under the spectral norm (Bernstein &amp; Newhouse, 2024).</summary>
    public bool DualNorm { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; } = WeightDecay.Decoupled(0.1);

    /// <inheritdoc/>
    public static bool MatricesOnly => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => [new("B", "momentum_buffer", shape)];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), μ = step.Hyper(Momentum, "μ", lessThan: 1), rounds = step.Hyper(Iterations, "rounds", lessThan: 100), ε = step.Hyper(Epsilon, "ε");
        Span<T> θ = step.Value, m = step.State(0), u = step.Scratch(θ.Length), O = step.Scratch(θ.Length);
        double now = CorrectsBias ? 1 / (1 - Elementary.Pow(μ, step.Number)) : 1, next = CorrectsBias ? 1 / (1 - Elementary.Pow(μ, step.Number + 1)) : 1;

        Vectors.Average(m, μ, step.Gradient);
        TensorPrimitives.Multiply(m, T.CreateTruncating(Nesterov ? μ * next : now), u);
        if (Nesterov)
        {
            Vectors.AddScaled(u, (1 - μ) * now, step.Gradient);
        }
        u.CopyTo(O);
        NewtonSchulz.Orthogonalize(O, step.Rows, step.Columns, Coefficients, (int)rounds, ε, step);
        double dual = DualNorm ? Vectors.Dot<T>(u, O) : 1;
        Vectors.AddScaled(θ, -η * dual * Scale.Of(step.Rows, step.Columns), O);
    }
}

/// <summary>How Muon's step is scaled by the matrix's shape.</summary>
public enum MuonScale
{
    /// <summary>√max(1, rows/columns): Jordan's and PyTorch's "original", for weights of [outputs, inputs].</summary>
    Original,

    /// <summary>√max(1, columns/rows): the same for weights of [inputs, outputs], as in optax.</summary>
    Transposed,

    /// <summary>0.2·√max(rows, columns): the root mean square of AdamW's steps, so that its rate and decay can be kept (Liu et al., Muon is Scalable for LLM Training, 2025).</summary>
    MatchRmsAdamW,
}

/// <summary>The factors of <see cref="MuonScale"/>.</summary>
internal static class MuonScales
{
    public static double Of(this MuonScale scale, int rows, int columns) => scale switch
    {
        MuonScale.Original => Math.Sqrt(Math.Max(1, (double)rows / columns)),
        MuonScale.Transposed => Math.Sqrt(Math.Max(1, (double)columns / rows)),
        MuonScale.MatchRmsAdamW => 0.2 * Math.Sqrt(Math.Max(rows, columns)),
        _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, $"Muon: got the scale {scale}, expected one of {string.Join(", ", Enum.GetNames<MuonScale>())}."),
    };
}
