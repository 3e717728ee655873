using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Shazeer &amp; Stern, Adafactor, 2018, as in PyTorch: of g² only the means R of the rows and C of the columns are kept (the last two axes; a vector keeps all of V),
/// with the weight wₜ = t^−γ: R ← R + w(mean(g²) − R), V = RC/max(mean(R), ε₁), u = g/√max(V, ε₁²), θ ← θ − α·u/max(1, rms(u)/d), α = max(ε₂, rms(θ))·min(η, 1/√t).
/// The paper adds ε₁ to g² and has η = 0.01. rms(θ) is taken before decay.
/// </summary>
public readonly record struct Adafactor() : ITensorRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-2;

    /// <summary>γ ≥ 0: the t-th square comes in with the weight t^−γ.</summary>
    public Hyperparameter DecayPower { get; init; } = 0.8;

    /// <summary>ε₁ ≥ 0; NaN for the spacing of the numbers next to 1 (2⁻²³ for float, 2⁻⁵² for double), PyTorch's default.</summary>
    public double Epsilon1 { get; init; } = double.NaN;

    /// <summary>ε₂ ≥ 0: the least scale of a parameter.</summary>
    public Hyperparameter Epsilon2 { get; init; } = 1e-3;

    /// <summary>d &gt; 0: the largest root mean square of u; <see cref="double.MaxValue"/> for none.</summary>
    public Hyperparameter ClippingThreshold { get; init; } = 1;

    /// <summary>Whether the rate falls with 1/√t once that is below η; without it, it is η.</summary>
    public bool RelativeStep { get; init; } = true;

    /// <summary>Whether steps are relative to the parameter's own size; without it, α lacks the factor max(ε₂, rms(θ)).</summary>
    public bool ScalesByParameter { get; init; } = true;

    /// <summary>Whether ε₁ is added to g² before the means, as in the paper and in optax, instead of bounding V from below.</summary>
    public bool AddsEpsilon { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static bool AppliesDecay => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => shape.Rank < 2
        ? [new("v", "variance", shape)]
        : [new("R", "row_var", shape.Without(1 << (shape.Rank - 1), keep: true)), new("C", "col_var", shape.Without(1 << (shape.Rank - 2), keep: true))];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), γ = step.Hyper(DecayPower, "γ"), ε2 = step.Hyper(Epsilon2, "ε₂"), d = step.Hyper(ClippingThreshold, "d", greaterThan: 0);
        double ε1 = step.Hyper(double.IsNaN(Epsilon1) ? double.CreateTruncating(T.BitIncrement(T.One) - T.One) : Epsilon1, "ε₁", name: nameof(Epsilon1));
        double w = Elementary.Pow(step.Number, -γ), ρ = RelativeStep ? Math.Min(η, 1 / Math.Sqrt(step.Number)) : η;
        Span<T> θ = step.Value, u = step.Scratch(θ.Length), squares = step.Scratch(θ.Length);
        ReadOnlySpan<T> g = step.Gradient;
        double α = ScalesByParameter ? Math.Max(ε2, Vectors.RootMeanSquare<T>(θ)) * ρ : ρ;
        Vectors.Scale(θ, step.Decay);

        TensorPrimitives.Multiply(g, g, squares);
        if (AddsEpsilon)
        {
            TensorPrimitives.Add(squares, T.CreateTruncating(ε1), squares);
        }
        if (step.Shape.Rank < 2)
        {
            Vectors.Average(step.State(0), 1 - w, squares);
            step.State(0).CopyTo(u);
        }
        else
        {
            Factored(step, squares, w, AddsEpsilon ? 0 : ε1, u);
        }
        TensorPrimitives.Max(u, T.CreateTruncating(AddsEpsilon ? 0 : ε1 * ε1), u);
        TensorPrimitives.Sqrt(u, u);
        TensorPrimitives.Divide(g, u, u);
        Vectors.AddScaled(θ, -α / Math.Max(1, Vectors.RootMeanSquare<T>(u) / d), u);
    }

    /// <summary>V of each matrix of the last two axes, from the means of its rows and columns.</summary>
    private static void Factored<T>(TensorStep<T> step, ReadOnlySpan<T> squares, double w, double least, Span<T> V) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rank = step.Shape.Rank, rows = step.Shape[rank - 2], columns = step.Shape[rank - 1], matrices = step.Shape.ElementCount(0, rank - 2);
        Span<T> R = step.State(0), C = step.State(1), sums = step.Scratch(Math.Max(R.Length, C.Length));
        Reduction.SumAxis(squares, sums[..R.Length], matrices * rows, columns, 1);
        Vectors.Mix(R, 1 - w, w / columns, sums[..R.Length]);
        Reduction.SumAxis(squares, sums[..C.Length], matrices, rows, columns);
        Vectors.Mix(C, 1 - w, w / rows, sums[..C.Length]);
        for (int i = 0; i < matrices; i++)
        {
            ReadOnlySpan<T> r = R.Slice(i * rows, rows), c = C.Slice(i * columns, columns);
            double mean = Math.Max(double.CreateTruncating(Reduction.Sum(r)) / rows, least);
            for (int row = 0; row < rows; row++)
            {
                TensorPrimitives.Multiply(c, T.CreateTruncating(double.CreateTruncating(r[row]) / mean), V.Slice((i * rows + row) * columns, columns));
            }
        }
    }
}
