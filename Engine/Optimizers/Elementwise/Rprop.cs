using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Descent along the sign of the gradient with a step size for each element, which grows by the factor η⁺ while the gradient keeps its
/// sign and shrinks by η⁻ when it changes (Riedmiller &amp; Braun, A Direct Adaptive Method for Faster Backpropagation Learning, 1993,
/// without weight backtracking: iRprop⁻ of Igel &amp; Hüsken, 2000, as in PyTorch). For full batches. Signs are compared, not products of
/// gradients, so that tiny gradients do not underflow.
/// </summary>
public readonly record struct Rprop() : IRule
{
    /// <summary>The learning rate η ≥ 0, which is the first step size.</summary>
    public Hyperparameter LearningRate { get; init; } = 0.01;

    /// <summary>The factor η⁻ in (0, 1) by which a step size shrinks when the gradient changes its sign.</summary>
    public Hyperparameter EtaMinus { get; init; } = 0.5;

    /// <summary>The factor η⁺ ≥ 1 by which a step size grows while the gradient keeps its sign.</summary>
    public Hyperparameter EtaPlus { get; init; } = 1.2;

    /// <summary>The smallest step size Δ₋ ≥ 0.</summary>
    public Hyperparameter MinStepSize { get; init; } = 1e-06;

    /// <summary>The largest step size Δ₊ ≥ 0.</summary>
    public Hyperparameter MaxStepSize { get; init; } = 50;

    /// <inheritdoc/>
    public WeightDecay WeightDecay { get; init; }

    /// <inheritdoc/>
    public static IReadOnlyList<StateName> States { get; } = [("g₋₁", "prev"), ("Δ", "step_size")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η");
        S shrink = at.Hyper(EtaMinus, "η⁻", greaterThan: 0, lessThan: 1), grow = at.Hyper(EtaPlus, "η⁺", atLeast: 1);
        S smallest = at.Hyper(MinStepSize, "Δ₋"), largest = at.Hyper(MaxStepSize, "Δ₊");
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
