using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Gradient descent scaled by a root mean square of which only the means of rows and columns are kept (Shazeer &amp; Stern, Adafactor:
/// Adaptive Learning Rates with Sublinear Memory Cost, 2018, as in PyTorch). Rows and columns are those of the last two axes; a parameter
/// of fewer axes keeps all of V. The paper adds ε₁ to g² and has η = 0.01.
/// </summary>
/// <remarks>
/// <code>
/// ρ = min(η, 1/√t)
/// α = max(ε₂, rms(θ))·ρ
/// θ ← (1 − ηλ)θ, the decoupled weight decay
/// w = t^−γ
/// R ← (1 − w)R + w·(means of g² over each row)
/// C ← (1 − w)C + w·(means of g² over each column)
/// V = RC/max(mean(R), ε₁)
/// u = g/√max(V, ε₁²)
/// θ ← θ − αu/max(1, rms(u)/d)
/// with fewer than two axes:         V ← (1 − w)V + wg²
/// without RelativeStep:             ρ = η
/// without MultiplyByParameterScale: α = ρ
/// with AddEpsilonToSquares:         g² + ε₁ in place of g², V = RC/mean(R), u = g/√V
/// </code>
/// </remarks>
public readonly record struct Adafactor() : ITensorRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-2;

    /// <summary>The exponent γ ≥ 0 of the weight t^−γ that the squares of update t have in the means.</summary>
    public Hyperparameter DecayPower { get; init; } = 0.8;

    /// <summary>
    /// The constant ε₁ ≥ 0 that bounds V from below; NaN for PyTorch's default, the distance from 1 to the next number: 2⁻²³ for
    /// <c>float</c>, 2⁻⁵² for <c>double</c>.
    /// </summary>
    public double Epsilon1 { get; init; } = double.NaN;

    /// <summary>The smallest scale ε₂ ≥ 0 of a parameter.</summary>
    public Hyperparameter Epsilon2 { get; init; } = 1e-3;

    /// <summary>The bound d &gt; 0 on the root mean square of u; <c>double.MaxValue</c> for none.</summary>
    public Hyperparameter ClippingThreshold { get; init; } = 1;

    /// <summary>Whether the learning rate is bounded by 1/√t.</summary>
    public bool RelativeStep { get; init; } = true;

    /// <summary>Whether a step is relative to the root mean square of the parameter.</summary>
    public bool MultiplyByParameterScale { get; init; } = true;

    /// <summary>Whether ε₁ is added to g² before the means, as in the paper and in optax, instead of bounding V from below.</summary>
    public bool AddEpsilonToSquares { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static bool AppliesDecay => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => shape.Rank < 2
        ? [new("V", "variance", shape)]
        :
        [
            new("R", "row_var", shape.Without(1 << (shape.Rank - 1), keep: true)),
            new("C", "col_var", shape.Without(1 << (shape.Rank - 2), keep: true)),
        ];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), γ = step.Hyper(DecayPower, "γ");
        double spacing = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        double ε1 = step.Hyper(double.IsNaN(Epsilon1) ? spacing : Epsilon1, "ε₁", name: nameof(Epsilon1)), ε2 = step.Hyper(Epsilon2, "ε₂");
        double d = step.Hyper(ClippingThreshold, "d", greaterThan: 0);
        double w = Power.Of(step.Number, -γ), ρ = RelativeStep ? Math.Min(η, 1 / Math.Sqrt(step.Number)) : η;
        Span<T> θ = step.Value, u = step.Scratch(θ.Length), squares = step.Scratch(θ.Length);
        ReadOnlySpan<T> g = step.Gradient;
        double α = MultiplyByParameterScale ? Math.Max(ε2, Vectors.RootMeanSquare<T>(θ)) * ρ : ρ;
        Vectors.Scale(θ, step.Decay);

        TensorPrimitives.Multiply(g, g, squares);
        if (AddEpsilonToSquares)
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
            Factored(step, squares, w, AddEpsilonToSquares ? 0 : ε1, u);
        }
        TensorPrimitives.Max(u, T.CreateTruncating(AddEpsilonToSquares ? 0 : ε1 * ε1), u);
        TensorPrimitives.Sqrt(u, u);
        TensorPrimitives.Divide(g, u, u);
        Vectors.AddScaled(θ, -α / Math.Max(1, Vectors.RootMeanSquare<T>(u) / d), u);
    }

    /// <summary>Computes V of each matrix of the last two axes from the means of its rows and columns.</summary>
    private static void Factored<T>(TensorStep<T> step, ReadOnlySpan<T> squares, double w, double minimum, Span<T> V)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rank = step.Shape.Rank, rows = step.Shape[rank - 2], columns = step.Shape[rank - 1];
        int matrices = step.Shape.ElementCount(0, rank - 2);
        Span<T> R = step.State(0), C = step.State(1), sums = step.Scratch(Math.Max(R.Length, C.Length));
        Reduction.SumAxis(squares, sums[..R.Length], matrices * rows, columns, 1);
        Vectors.Mix(R, 1 - w, w / columns, sums[..R.Length]);
        Reduction.SumAxis(squares, sums[..C.Length], matrices, rows, columns);
        Vectors.Mix(C, 1 - w, w / rows, sums[..C.Length]);
        for (int i = 0; i < matrices; i++)
        {
            ReadOnlySpan<T> r = R.Slice(i * rows, rows), c = C.Slice(i * columns, columns);
            double mean = Math.Max(double.CreateTruncating(Reduction.Sum(r)) / rows, minimum);
            for (int row = 0; row < rows; row++)
            {
                T factor = T.CreateTruncating(double.CreateTruncating(r[row]) / mean);
                TensorPrimitives.Multiply(c, factor, V.Slice((i * rows + row) * columns, columns));
            }
        }
    }
}
