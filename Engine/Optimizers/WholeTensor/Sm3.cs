using System.Numerics;
using System.Numerics.Tensors;

namespace Engine;

/// <summary>
/// Adagrad with momentum that keeps one accumulator for each slice of each axis instead of one for each element (Anil, Gupta, Koren &amp;
/// Singer, Memory-Efficient Adaptive Optimization, 2019, SM3-II). For a vector it is Adagrad with momentum.
/// </summary>
/// <remarks>
/// <code>
/// ν = min(a₁, a₂, …) over the slices, one of each axis, in which an element lies
/// ν ← ν + g²
/// a₁, a₂, … ← the maximum of ν over each slice
/// u = g/√(ν + ε), or 0 where ν + ε is 0
/// m ← μm + (1 − μ)u
/// θ ← θ − ηm
/// with β &gt; 0: ν ← βν + (1 − β)g², and a slice keeps its accumulator where that is larger than the maximum
/// </code>
/// </remarks>
public readonly record struct Sm3() : ITensorRule
{
    private static readonly string[] s_keys = [.. Enumerable.Range(0, Shape.MaxRank).Select(axis => $"accumulator_{axis}")];

    /// <summary>The learning rate η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.1;

    /// <summary>The momentum μ in [0, 1).</summary>
    public Hyperparameter Momentum { get; init; } = 0.9;

    /// <summary>The decay rate β in [0, 1) of the accumulators; 0 sums the squares, as in the paper.</summary>
    public Hyperparameter Beta { get; init; } = 0;

    /// <summary>The constant ε ≥ 0 that is added inside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape)
    {
        List<StateArray> arrays = [new("m", "momentum_buffer", shape)];
        for (int axis = 0; axis < Math.Max(1, shape.Rank); axis++)
        {
            arrays.Add(new("a" + "₁₂₃₄₅₆"[axis], s_keys[axis], shape.Rank == 0 ? shape : [shape[axis]]));
        }
        return arrays;
    }

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), μ = step.Hyper(Momentum, "μ", lessThan: 1), β = step.Hyper(Beta, "β", lessThan: 1);
        double ε = step.Hyper(Epsilon, "ε");
        Span<T> θ = step.Value, m = step.State(0), ν = step.Scratch(θ.Length);
        ReadOnlySpan<T> g = step.Gradient;

        MinimumOfSlices(step, ν);
        Vectors.MixSquares(ν, β == 0 ? 1 : β, 1 - β, g);
        MaximumOfSlices(step, ν, keep: β > 0);
        TensorPrimitives.Add(ν, T.CreateTruncating(ε), ν);
        TensorPrimitives.Sqrt(ν, ν);
        Divide(g, ν);
        Vectors.Average(m, μ, ν);
        Vectors.AddScaled(θ, -η, m);
    }

    /// <summary>Computes, for each element, the minimum of the accumulators of the slices in which it lies.</summary>
    private static void MinimumOfSlices<T>(TensorStep<T> step, Span<T> ν) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int axis = 0; axis < Math.Max(1, step.Shape.Rank); axis++)
        {
            ReadOnlySpan<T> slices = step.State(1 + axis);
            int inner = step.Shape.Rank == 0 ? 1 : step.Shape.ElementCount(axis + 1, step.Shape.Rank);
            for (int from = 0; from < ν.Length; from += inner)
            {
                Span<T> part = ν.Slice(from, inner);
                T slice = slices[from / inner % slices.Length];
                if (axis == 0)
                {
                    part.Fill(slice);
                }
                else
                {
                    TensorPrimitives.Min(part, slice, part);
                }
            }
        }
    }

    /// <summary>
    /// Sets each accumulator to the maximum of ν over its slice, or leaves it where <paramref name="keep"/> is set and it is larger.
    /// </summary>
    private static void MaximumOfSlices<T>(TensorStep<T> step, ReadOnlySpan<T> ν, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int axis = 0; axis < Math.Max(1, step.Shape.Rank); axis++)
        {
            Span<T> slices = step.State(1 + axis);
            int inner = step.Shape.Rank == 0 ? 1 : step.Shape.ElementCount(axis + 1, step.Shape.Rank);
            if (!keep)
            {
                slices.Clear();
            }
            for (int from = 0; from < ν.Length; from += inner)
            {
                ref T slice = ref slices[from / inner % slices.Length];
                foreach (T element in ν.Slice(from, inner))
                {
                    slice = T.Max(slice, element);
                }
            }
        }
    }

    /// <summary>Replaces each root by g/root, and by 0 where the root is 0, since all gradients so far were 0 there.</summary>
    private static void Divide<T>(ReadOnlySpan<T> g, Span<T> roots) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < g.Length; i++)
        {
            roots[i] = roots[i] == T.Zero ? T.Zero : g[i] / roots[i];
        }
    }
}
