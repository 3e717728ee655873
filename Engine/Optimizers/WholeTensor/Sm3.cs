using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Anil, Gupta, Koren &amp; Singer, Memory-Efficient Adaptive Optimization, 2019, SM3-II: instead of a square for each element, one for each slice of each axis.
/// ν = min over the axes of the slices' squares + g², the slice keeps the largest ν in it; u = g/√(ν + ε), m ← μm + (1 − μ)u, θ ← θ − ηm.
/// For a vector that is Adagrad with momentum.
/// </summary>
public readonly record struct Sm3() : ITensorRule
{
    private static readonly string[] s_names = [.. Enumerable.Range(0, Shape.MaxRank).Select(axis => $"accumulator_{axis}")];

    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.1;

    /// <summary>μ in [0, 1).</summary>
    public Hyperparameter Momentum { get; init; } = 0.9;

    /// <summary>β in [0, 1): 0 sums the squares, as in the paper; otherwise ν = β·min + (1 − β)g², and a slice never falls.</summary>
    public Hyperparameter Beta { get; init; } = 0;

    /// <summary>ε ≥ 0, inside the root.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape)
    {
        List<StateArray> arrays = [new("m", "momentum_buffer", shape)];
        for (int axis = 0; axis < Math.Max(1, shape.Rank); axis++)
        {
            arrays.Add(new("μ" + "₁₂₃₄₅₆"[axis], s_names[axis], shape.Rank == 0 ? shape : [shape[axis]]));
        }
        return arrays;
    }

    /// <inheritdoc/>
    public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), μ = step.Hyper(Momentum, "μ", lessThan: 1), β = step.Hyper(Beta, "β", lessThan: 1), ε = step.Hyper(Epsilon, "ε");
        Span<T> θ = step.Value, m = step.State(0), ν = step.Scratch(θ.Length);
        ReadOnlySpan<T> g = step.Gradient;

        Smallest(step, ν);
        Vectors.MixSquares(ν, β == 0 ? 1 : β, 1 - β, g);
        Largest(step, ν, keep: β > 0);
        TensorPrimitives.Add(ν, T.CreateTruncating(ε), ν);
        TensorPrimitives.Sqrt(ν, ν);
        Divide(g, ν);
        Vectors.Average(m, μ, ν);
        Vectors.AddScaled(θ, -η, m);
    }

    /// <summary>ν ← the smallest of the accumulators that an element lies in.</summary>
    private static void Smallest<T>(TensorStep<T> step, Span<T> ν) where T : unmanaged, IFloatingPointIeee754<T>
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

    /// <summary>Each accumulator ← the largest ν in its slice, or itself where it is kept and larger.</summary>
    private static void Largest<T>(TensorStep<T> step, ReadOnlySpan<T> ν, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
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

    /// <summary>roots ← g/roots, and 0 where the root is 0: there all gradients so far were.</summary>
    private static void Divide<T>(ReadOnlySpan<T> g, Span<T> roots) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < g.Length; i++)
        {
            roots[i] = roots[i] == T.Zero ? T.Zero : g[i] / roots[i];
        }
    }
}
