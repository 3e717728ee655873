using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Riedmiller &amp; Braun, A Direct Adaptive Method for Faster Backpropagation Learning, 1993, without weight backtracking (iRprop⁻, Igel &amp; Hüsken 2000), as in PyTorch:
/// each element has a step size of its own, which grows by η⁺ while the gradient keeps its sign and shrinks by η⁻ when it turns. For full batches.
/// Signs are compared, not multiplied gradients, so that tiny gradients do not underflow.
/// </summary>
public readonly record struct Rprop() : IRule
{
    /// <summary>η ≥ 0.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>η⁻ in (0, 1).</summary>
    public Hyperparameter EtaMinus { get; init; } = 0.5;

    /// <summary>η⁺ ≥ 1.</summary>
    public Hyperparameter EtaPlus { get; init; } = 1.2;

    /// <summary>The smallest step size.</summary>
    public Hyperparameter SmallestStep { get; init; } = 1e-06;

    /// <summary>The largest step size.</summary>
    public Hyperparameter LargestStep { get; init; } = 50;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("g₋₁", "prev"), ("Δ", "step_size")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), shrink = at.Hyper(EtaMinus, "η⁻", greaterThan: 0, lessThan: 1), grow = at.Hyper(EtaPlus, "η⁺", atLeast: 1);
        S smallest = at.Hyper(SmallestStep, "Δ₋"), largest = at.Hyper(LargestStep, "Δ₊");
        ref L previous = ref state.First;
        ref L size = ref state.Second;

        L same = at.Name("s", L.Sign(g) * L.Sign(previous));
        L factor = L.WhereGreater(same, 0, at[grow], L.WhereGreater(0, same, at[shrink], 1));
        L first = at[S.WhereGreater(at.T, 1, 0, η)]; // the first step size is the learning rate
        size = L.Min(L.Max((first + size) * factor, at[smallest]), at[largest]);
        L h = L.WhereGreater(0, same, 0, g);
        θ -= L.Sign(h) * size;
        previous = h;
    }
}
