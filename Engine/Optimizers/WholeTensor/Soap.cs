using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Adam in the eigenbasis of Shampoo's second moments (Vyas et al., SOAP: Improving and Stabilizing Shampoo using Adam, 2024, as in the
/// authors' code). For matrices only. The first update only initializes the bases. The weight decay of the paper is <see cref="Decay"/>.
/// </summary>
/// <remarks>
/// <code>
/// at t = 1:
///   L ← (1 − β)GGᵀ, R ← (1 − β)GᵀG
///   Q_L ← eigenvectors of L, Q_R ← eigenvectors of R
/// later, with s = t − 1:
///   M ← β₁M + (1 − β₁)G
///   G′ = Q_LᵀGQ_R
///   V ← β₂V + (1 − β₂)G′²
///   M′ = Q_LᵀMQ_R
///   U = Q_L(M′/(√V + ε))Q_Rᵀ
///   θ ← θ − η·√(1 − β₂ˢ)/(1 − β₁ˢ)·U
///   θ ← (1 − ηλ)θ
///   L ← βL + (1 − β)GGᵀ, R ← βR + (1 − β)GᵀG
///   where f divides s:
///     Q_L ← Q of the QR factorization of LQ_L, Q_R ← Q of that of RQ_R
///     columns, and V with them, in the order of falling qᵀLq and qᵀRq of the previous bases
/// </code>
/// </remarks>
public readonly record struct Soap() : ITensorRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 3e-3;

    /// <summary>The decay rate β₁ in [0, 1) of the mean of the gradient.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.95;

    /// <summary>The decay rate β₂ in [0, 1) of the mean of the squared gradient in the eigenbasis.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.95;

    /// <summary>The decay rate β in [0, 1) of L and R; NaN for β₂.</summary>
    public double ShampooBeta { get; init; } = double.NaN;

    /// <summary>The constant ε ≥ 0 that is added outside the root, before the bias correction.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-8;

    /// <summary>The weight decay λ ≥ 0 after the step.</summary>
    public Hyperparameter Decay { get; init; } = 0.01;

    /// <summary>The number f ≥ 1 of updates after which the bases are computed again.</summary>
    public Hyperparameter UpdateInterval { get; init; } = 10;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static bool MatricesOnly => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) =>
    [
        new("M", "exp_avg", shape), new("V", "exp_avg_sq", shape),
        new("L", "left", [shape[0], shape[0]]), new("R", "right", [shape[1], shape[1]]),
        new("Q_L", "left_basis", [shape[0], shape[0]]), new("Q_R", "right_basis", [shape[1], shape[1]]),
    ];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1), β2 = step.Hyper(Beta2, "β₂", lessThan: 1);
        double β = step.Hyper(double.IsNaN(ShampooBeta) ? β2 : ShampooBeta, "β", lessThan: 1, name: nameof(ShampooBeta));
        double ε = step.Hyper(Epsilon, "ε"), λ = step.Hyper(Decay, "λ"), f = step.Hyper(UpdateInterval, "f", atLeast: 1);
        int rows = step.Rows, columns = step.Columns;
        long s = step.Number - 1;
        Span<T> θ = step.Value, M = step.State(0), V = step.State(1);
        Span<T> L = step.State(2), R = step.State(3), Ql = step.State(4), Qr = step.State(5);
        Span<T> inside = step.Scratch(θ.Length), u = step.Scratch(θ.Length), half = step.Scratch(θ.Length);
        ReadOnlySpan<T> G = step.Gradient;

        if (s > 0)
        {
            Vectors.Average(M, β1, G);
            Project(Ql, G, Qr, rows, columns, half, inside);
            Vectors.AverageSquares(V, β2, inside);
            Project(Ql, M, Qr, rows, columns, half, inside);
            Vectors.DivideByRoot<T>(inside, 1, V, 1, ε, inside);
            Vectors.Multiply<T>(Ql, false, inside, false, half, rows, columns, rows);
            Vectors.Multiply<T>(half, false, Qr, true, u, rows, columns, columns);
            Vectors.AddScaled(θ, -η * Math.Sqrt(1 - Power.Of(β2, s)) / (1 - Power.Of(β1, s)), u);
            Vectors.Scale(θ, 1 - (η * λ));
        }
        Accumulate(L, β, G, true, rows, columns, step);
        Accumulate(R, β, G, false, columns, rows, step);
        if (s == 0)
        {
            Eigenbasis.Of(L, rows, Ql, step);
            Eigenbasis.Of(R, columns, Qr, step);
        }
        else if (s % (long)f == 0)
        {
            Eigenbasis.Refresh(L, rows, Ql, V, columns, 1, step);
            Eigenbasis.Refresh(R, columns, Qr, V, 1, rows, step);
        }
    }

    /// <summary>Computes Q_LᵀXQ_R.</summary>
    private static void Project<T>(
        ReadOnlySpan<T> left, ReadOnlySpan<T> x, ReadOnlySpan<T> right, int rows, int columns, Span<T> half, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vectors.Multiply(left, true, x, false, half, rows, columns, rows);
        Vectors.Multiply(half, false, right, false, result, rows, columns, columns);
    }

    /// <summary>Updates a second moment: S ← βS + (1 − β)GGᵀ for the left one, S ← βS + (1 − β)GᵀG for the right one.</summary>
    private static void Accumulate<T>(Span<T> S, double β, ReadOnlySpan<T> G, bool left, int n, int k, TensorStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> product = step.Scratch(S.Length);
        Vectors.Multiply(G, !left, G, left, product, n, n, k);
        Vectors.Average(S, β, product);
    }
}
