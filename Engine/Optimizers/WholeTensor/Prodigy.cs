using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Mishchenko &amp; Defazio, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, 2024, as in the authors' package: Adam whose rate is an estimate d of the distance from the
/// start θ₀ to the solution. With δ = dη (corrected for the start of m and v where <see cref="CorrectsBias"/>): over all parameters r ← β₃r + (d/d₀)δ⟨g, θ₀ − θ⟩ and s ← β₃s + (d/d₀)δg; d̂ = c·r/‖s‖₁, and d grows to d̂,
/// by no more than a factor each step. m ← β₁m + (1 − β₁)dg, v ← β₂v + (1 − β₂)d²g², θ ← (1 − δλ)θ − δ·m/(√v + dε) with δ of the old d and ε by the new.
/// The paper's own decay, with δ in it, is <see cref="Decay"/>.
/// </summary>
public readonly record struct Prodigy() : IModelRule
{
    /// <summary>η ≥ 0: a factor on the estimate; a schedule belongs here.</summary>
    public Hyperparameter LearningRate { get; init; } = 1;

    /// <summary>β₁ in [0, 1): how slowly the mean of the gradient forgets.</summary>
    public Hyperparameter Beta1 { get; init; } = 0.9;

    /// <summary>β₂ in [0, 1): how slowly the mean of its square forgets.</summary>
    public Hyperparameter Beta2 { get; init; } = 0.999;

    /// <summary>β₃ in [0, 1): how slowly the estimate forgets; NaN for √β₂.</summary>
    public double Beta3 { get; init; } = double.NaN;

    /// <summary>ε ≥ 0, outside the root, times d.</summary>
    public Hyperparameter Epsilon { get; init; } = 1e-8;

    /// <summary>d₀ &gt; 0: the first estimate.</summary>
    public Hyperparameter FirstDistance { get; init; } = 1e-6;

    /// <summary>c ≥ 0: a factor on d̂.</summary>
    public Hyperparameter Coefficient { get; init; } = 1;

    /// <summary>At least 1: how much d may grow in one step.</summary>
    public Hyperparameter Growth { get; init; } = double.MaxValue;

    /// <summary>λ ≥ 0: decay, times δ.</summary>
    public Hyperparameter Decay { get; init; } = 0;

    /// <summary>Whether m and v are corrected for their start at 0.</summary>
    public bool CorrectsBias { get; init; }

    /// <summary>Whether η is left out of s, so that a warm-up does not make d̂ too large.</summary>
    public bool SafeguardsWarmup { get; init; }

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> Scalars { get; } = [("d", "d"), ("dₘₐₓ", "d_max"), ("r", "d_numerator")];

    /// <inheritdoc/>
    public IReadOnlyList<StateArray> States(in Shape shape) => 
        [new("m", "exp_avg", shape), new("v", "exp_avg_sq", shape), new("s", "s", shape), new("θ₀", "p0", shape, InitialState.Parameter)];

    /// <inheritdoc/>
    public void Update<T>(ModelStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double η = step.Hyper(LearningRate, "η"), β1 = step.Hyper(Beta1, "β₁", lessThan: 1), β2 = step.Hyper(Beta2, "β₂", lessThan: 1), ε = step.Hyper(Epsilon, "ε"), λ = step.Hyper(Decay, "λ");
        double β3 = step.Hyper(double.IsNaN(Beta3) ? Math.Sqrt(β2) : Beta3, "β₃", lessThan: 1, name: nameof(Beta3)), d0 = step.Hyper(FirstDistance, "d₀", greaterThan: 0);
        double c = step.Hyper(Coefficient, "c"), growth = step.Hyper(Growth, "growth", atLeast: 1);
        double d = step.LoadScalar(0, d0), largest = step.LoadScalar(1, d0), r = step.LoadScalar(2, 0) * β3, length = 0;
        double δ = d * η * (CorrectsBias ? Math.Sqrt(1 - Elementary.Pow(β2, step.Number)) / (1 - Elementary.Pow(β1, step.Number)) : 1);

        foreach (TensorStep<T> tensor in step.Tensors)
        {
            ReadOnlySpan<T> g = tensor.Gradient;
            Span<T> m = tensor.State(0), v = tensor.State(1), s = tensor.State(2), gone = tensor.Scratch(g.Length);
            tensor.State(3).CopyTo(gone);
            Vectors.AddScaled<T>(gone, -1, tensor.Value);
            r += d / d0 * δ * Vectors.Dot<T>(g, gone);
            Vectors.Mix(m, β1, d * (1 - β1), g);
            Vectors.MixSquares(v, β2, d * d * (1 - β2), g);
            Vectors.Mix(s, β3, d / d0 * (SafeguardsWarmup ? d : δ), g);
            length += Vectors.AbsoluteSum<T>(s);
        }
        double estimate = length > 0 ? c * r / length : 0; // nothing but zero gradients so far
        if (η > 0)
        {
            double before = d;
            largest = Math.Max(largest, estimate);
            d = Math.Min(largest, (before == d0 ? Math.Max(before, estimate) : before) * growth);
        }
        step.StoreScalar(0, d);
        step.StoreScalar(1, largest);
        step.StoreScalar(2, r);
        foreach (TensorStep<T> tensor in step.Tensors)
        {
            Span<T> θ = tensor.Value, u = tensor.Scratch(θ.Length);
            Vectors.DivideByRoot<T>(tensor.State(0), 1, tensor.State(1), 1, d * ε, u);
            Vectors.Scale(θ, 1 - (δ * λ));
            Vectors.AddScaled(θ, -δ, u);
        }
    }
}

/// <summary>What <see cref="Prodigy"/> has found out.</summary>
public static class ProdigyGroups
{
    extension<T>(ModelGroup<Prodigy, T> group) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>d: the estimated distance from the start to the solution, which is the rate of the coming step at η = 1.</summary>
        public double D => group.Scalar(0) ?? group.Rule.FirstDistance.At(0);
    }
}
