using System.Numerics;

namespace Engine;

/// <summary>
/// The gradient of a matrix multiplied from both sides by the inverse fourth roots of its second moments (Gupta, Koren &amp; Singer,
/// Shampoo: Preconditioned Stochastic Tensor Optimization, 2018, algorithm 1). The roots are computed from eigenvalues in double
/// precision. For matrices only. The first step is, but for ε, in the direction UVᵀ of G = USVᵀ.
/// </summary>
/// <remarks>
/// <code>
/// at t = 1: L ← εI, R ← εI
/// L ← L + GGᵀ
/// R ← R + GᵀG
/// at t = 1 and after every f further updates: P ← L^−¼, Q ← R^−¼
/// θ ← θ − ηPGQ
/// </code>
/// </remarks>
public readonly record struct Shampoo() : ITensorRule
{
    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 1e-3;

    /// <summary>The constant ε &gt; 0 at which the diagonals of L and R start.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-6;

    /// <summary>The number f ≥ 1 of updates after which the roots are computed again.</summary>
    public Hyperparameter UpdateInterval { get; init; } = 1;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static bool MatricesOnly => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) =>
    [
        new("L", "left", [shape[0], shape[0]]), new("R", "right", [shape[1], shape[1]]),
        new("P", "left_root", [shape[0], shape[0]]), new("Q", "right_root", [shape[1], shape[1]]),
    ];

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), ε = step.Hyper(Epsilon, "ε", greaterThan: 0);
        double f = step.Hyper(UpdateInterval, "f", atLeast: 1);
        int rows = step.Rows, columns = step.Columns;
        Span<T> θ = step.Value, L = step.State(0), R = step.State(1), P = step.State(2), Q = step.State(3);
        Span<T> u = step.Scratch(θ.Length), half = step.Scratch(θ.Length);
        ReadOnlySpan<T> G = step.Gradient;

        if (step.Number == 1)
        {
            MatrixRoot.AddToDiagonal(L, rows, ε);
            MatrixRoot.AddToDiagonal(R, columns, ε);
        }
        Vectors.Multiply(G, false, G, true, L, rows, rows, columns, accumulate: true);
        Vectors.Multiply(G, true, G, false, R, columns, columns, rows, accumulate: true);
        if ((step.Number - 1) % (long)f == 0)
        {
            MatrixRoot.Power(L, rows, -0.25, P, step);
            MatrixRoot.Power(R, columns, -0.25, Q, step);
        }
        Vectors.Multiply(P, false, G, false, half, rows, columns, rows);
        Vectors.Multiply<T>(half, false, Q, false, u, rows, columns, columns);
        Vectors.AddScaled(θ, -η, u);
    }
}
