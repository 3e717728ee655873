using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Vyas et al., SOAP: Improving and Stabilizing Shampoo using Adam, 2024, as in the authors' code: Adam in the eigenbasis of Shampoo's statistics.
/// L ← βL + (1 − β)GGᵀ, R ← βR + (1 − β)GᵀG; G′ = QₗᵀGQᵣ and M′ = QₗᵀMQᵣ; V ← β₂V + (1 − β₂)G′²; θ ← θ − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·Qₗ(M′/(√V + ε))Qᵣᵀ. The bases begin as
/// the eigenvectors of the first gradient's statistics – which that first update takes up, and does nothing else, so that t counts from the second – and are refreshed every f updates by one
/// round of power iteration and QR. The paper's own decay, θ ← (1 − ηλ)θ after the step, is <see cref="Decay"/>. For matrices alone.
/// </summary>
public readonly record struct Soap() : ITensorRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 3e-3;

    /// <summary>β₁ in [0, 1): how slowly the mean of the gradient forgets.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.95;

    /// <summary>β₂ in [0, 1): how slowly the mean of its square forgets, in the eigenbasis.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.95;

    /// <summary>β in [0, 1): how slowly L and R forget; NaN for β₂.</summary>
    public double StatisticsBeta { get; init; } = double.NaN;

    /// <summary>ε ≥ 0, outside the root, before the correction.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-8;

    /// <summary>λ ≥ 0: decay after the step.</summary>
    public Hyperparameter Decay { get; init; } = 0.01;

    /// <summary>f, at least 1: after how many updates the bases are refreshed.</summary>
    public Hyperparameter UpdateInterval { get; init; } = 10;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static bool MatricesOnly => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) =>
    [
        new("m", "exp_avg", shape), new("v", "exp_avg_sq", shape), new("L", "left", [shape[0], shape[0]]), new("R", "right", [shape[1], shape[1]]),
        new("Q_L", "left_basis", [shape[0], shape[0]]), new("Q_R", "right_basis", [shape[1], shape[1]]),
    ];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1), β2 = step.Hyper(Beta2, "β₂", lessThan: 1), ε = step.Hyper(Epsilon, "ε"), λ = step.Hyper(Decay, "λ");
        double β = step.Hyper(double.IsNaN(StatisticsBeta) ? β2 : StatisticsBeta, "β", lessThan: 1, name: nameof(StatisticsBeta)), interval = step.Hyper(UpdateInterval, "f", atLeast: 1);
        int rows = step.Rows, columns = step.Columns;
        long t = step.Number - 1;
        Span<T> θ = step.Value, M = step.State(0), V = step.State(1), L = step.State(2), R = step.State(3), Ql = step.State(4), Qr = step.State(5);
        Span<T> inside = step.Scratch(θ.Length), u = step.Scratch(θ.Length), half = step.Scratch(θ.Length);
        ReadOnlySpan<T> G = step.Gradient;

        if (t > 0)
        {
            Vectors.Average(M, β1, G);
            Project(Ql, G, Qr, rows, columns, half, inside);
            Vectors.AverageSquares(V, β2, inside);
            Project(Ql, M, Qr, rows, columns, half, inside);
            Vectors.DivideByRoot<T>(inside, 1, V, 1, ε, inside);
            Vectors.Multiply<T>(Ql, false, inside, false, half, rows, columns, rows);
            Vectors.Multiply<T>(half, false, Qr, true, u, rows, columns, columns);
            Vectors.AddScaled(θ, -η * Math.Sqrt(1 - Elementary.Pow(β2, t)) / (1 - Elementary.Pow(β1, t)), u);
            Vectors.Scale(θ, 1 - (η * λ));
        }
        Gather(L, β, G, true, rows, columns, step);
        Gather(R, β, G, false, columns, rows, step);
        if (t == 0)
        {
            Eigenbasis.Of(L, rows, Ql, step);
            Eigenbasis.Of(R, columns, Qr, step);
        }
        else if (t % (long)interval == 0)
        {
            Eigenbasis.Refresh(L, rows, Ql, V, columns, 1, step);
            Eigenbasis.Refresh(R, columns, Qr, V, 1, rows, step);
        }
    }

    /// <summary>result ← QₗᵀXQᵣ.</summary>
    private static void Project<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> x, ReadOnlySpan<T> right, int rows, int columns, Span<T> half, Span<T> result) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vectors.Multiply(left, true, x, false, half, rows, columns, rows);
        Vectors.Multiply(half, false, right, false, result, rows, columns, columns);
    }

    /// <summary>S ← βS + (1 − β)·GGᵀ, or GᵀG.</summary>
    private static void Gather<T>(Span<T> S, double β, ReadOnlySpan<T> G, bool left, int n, int k, TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> product = step.Scratch(S.Length);
        Vectors.Multiply(G, !left, G, left, product, n, n, k);
        Vectors.Average(S, β, product);
    }
}

/// <summary>The bases that <see cref="Soap"/> works in.</summary>
internal static class Eigenbasis
{
    /// <summary>Q ← the eigenvectors of S, by falling eigenvalue.</summary>
    public static void Of<T>(ReadOnlySpan<T> S, int n, Span<T> Q, TensorStep<T> memory) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> wide = memory.DoubleScratch(n * n), values = memory.DoubleScratch(n), vectors = memory.DoubleScratch(n * n);
        TensorPrimitives.ConvertTruncating(S, wide);
        SymmetricEigen.Decompose(wide, values, vectors);
        TensorPrimitives.ConvertTruncating<double, T>(vectors, Q);
    }

    /// <summary>Q ← the orthonormal part of SQ, its columns by falling qᵀSq; V, whose n slices lie <paramref name="inner"/> apart in each of <paramref name="outer"/> stretches, is put into that order too.</summary>
    public static void Refresh<T>(ReadOnlySpan<T> S, int n, Span<T> Q, Span<T> V, int inner, int outer, TensorStep<T> memory) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> wide = memory.DoubleScratch(n * n), basis = memory.DoubleScratch(n * n), product = memory.DoubleScratch(n * n), estimates = memory.DoubleScratch(n), order = memory.DoubleScratch(n);
        TensorPrimitives.ConvertTruncating(S, wide);
        TensorPrimitives.ConvertTruncating<T, double>(Q, basis);
        Vectors.Multiply<double>(wide, false, basis, false, product, n, n, n);
        for (int column = 0; column < n; column++)
        {
            double sum = 0;
            for (int row = 0; row < n; row++)
            {
                sum += basis[row * n + column] * product[row * n + column];
            }
            estimates[column] = sum;
            int place = column;
            for (; place > 0 && estimates[(int)order[place - 1]] < sum; place--)
            {
                order[place] = order[place - 1];
            }
            order[place] = column;
        }
        Span<T> before = memory.Scratch(V.Length);
        V.CopyTo(before);
        for (int place = 0; place < n; place++)
        {
            int from = (int)order[place];
            for (int row = 0; row < n; row++)
            {
                wide[row * n + place] = product[row * n + from];
            }
            for (int stretch = 0; stretch < outer; stretch++)
            {
                before.Slice((stretch * n + from) * inner, inner).CopyTo(V.Slice((stretch * n + place) * inner, inner));
            }
        }
        HouseholderQr.Orthonormalize(wide, basis, estimates);
        TensorPrimitives.ConvertTruncating<double, T>(basis, Q);
    }
}
