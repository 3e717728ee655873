using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Gupta, Koren &amp; Singer, Shampoo: Preconditioned Stochastic Tensor Optimization, 2018, algorithm 1: L ← L + GGᵀ and R ← R + GᵀG, both from εI, θ ← θ − η·L^(−¼)·G·R^(−¼).
/// The roots come from the eigenvalues in double precision, every <see cref="UpdateInterval"/> updates. For matrices alone. The first step is UVᵀ of G = USVᵀ, but for ε.
/// </summary>
public readonly record struct Shampoo() : ITensorRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>ε &gt; 0: what the statistics start at, on the diagonal.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-6;

    /// <summary>After how many updates the roots are computed anew; at least 1.</summary>
    public Hyperparameter UpdateInterval { get; init; } = 1;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static bool MatricesOnly => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) =>
    [
        new("L", "left", [shape[0], shape[0]]), new("R", "right", [shape[1], shape[1]]),
        new("L⁻¹ᐟᵖ", "left_root", [shape[0], shape[0]]), new("R⁻¹ᐟᵖ", "right_root", [shape[1], shape[1]]),
    ];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), ε = step.Hyper(Epsilon, "ε", greaterThan: 0), interval = step.Hyper(UpdateInterval, "f", atLeast: 1);
        int rows = step.Rows, columns = step.Columns;
        Span<T> θ = step.Value, L = step.State(0), R = step.State(1), u = step.Scratch(θ.Length), half = step.Scratch(θ.Length);
        ReadOnlySpan<T> G = step.Gradient;

        if (step.Number == 1)
        {
            MatrixRoot.AddToDiagonal(L, rows, ε);
            MatrixRoot.AddToDiagonal(R, columns, ε);
        }
        Vectors.Multiply(G, false, G, true, L, rows, rows, columns, accumulate: true);
        Vectors.Multiply(G, true, G, false, R, columns, columns, rows, accumulate: true);
        if ((step.Number - 1) % (long)interval == 0)
        {
            MatrixRoot.Power(L, rows, -0.25, step.State(2), step);
            MatrixRoot.Power(R, columns, -0.25, step.State(3), step);
        }
        Vectors.Multiply(step.State(2), false, G, false, half, rows, columns, rows);
        Vectors.Multiply<T>(half, false, step.State(3), false, u, rows, columns, columns);
        Vectors.AddScaled(θ, -η, u);
    }
}

/// <summary>Powers of symmetric positive matrices.</summary>
internal static class MatrixRoot
{
    public static void AddToDiagonal<T>(Span<T> a, int n, double ε) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            a[i * n + i] += T.CreateTruncating(ε);
        }
    }

    /// <summary>result ← V·diag(λ^p)·Vᵀ of A = V·diag(λ)·Vᵀ, in double precision.</summary>
    public static void Power<T>(ReadOnlySpan<T> a, int n, double p, Span<T> result, TensorStep<T> memory) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> wide = memory.DoubleScratch(n * n), values = memory.DoubleScratch(n), vectors = memory.DoubleScratch(n * n), scaled = memory.DoubleScratch(n * n);
        TensorPrimitives.ConvertTruncating(a, wide);
        SymmetricEigen.Decompose(wide, values, vectors);
        double least = values[0] * 1e-16; // rounding may leave an eigenvalue of zero below zero
        for (int i = 0; i < n; i++)
        {
            values[i] = Elementary.Pow(Math.Max(values[i], least), p);
        }
        for (int row = 0; row < n; row++)
        {
            TensorPrimitives.Multiply(vectors.Slice(row * n, n), values, scaled.Slice(row * n, n));
        }
        Vectors.Multiply<double>(scaled, false, vectors, true, wide, n, n, n);
        TensorPrimitives.ConvertTruncating<double, T>(wide, result);
    }
}
