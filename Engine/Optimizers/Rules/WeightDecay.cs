using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// The pull of the weights towards zero. Three different things bear this name, so it is a type and not a number: a penalty λ/2·‖θ‖² whose gradient
/// goes through the rule, and a shrinking of θ beside the rule, with or without the learning rate in it.
/// </summary>
public readonly record struct WeightDecay
{
    private WeightDecay(WeightDecayKind kind, Hyperparameter coefficient)
    {
        Kind = kind;
        Coefficient = coefficient;
    }

    /// <summary>Which of the three.</summary>
    public WeightDecayKind Kind { get; }

    /// <summary>λ ≥ 0.</summary>
    public Hyperparameter Coefficient { get; }

    /// <summary>No decay.</summary>
    public static WeightDecay None => default;

    /// <summary>g ← g + λθ: the gradient of the penalty λ/2·‖θ‖² (what PyTorch's SGD and Adam call weight_decay).</summary>
    public static WeightDecay L2(Hyperparameter coefficient) => new(WeightDecayKind.L2, coefficient);

    /// <summary>θ ← (1 − ηλ)θ before the rule (AdamW; Loshchilov &amp; Hutter, 2019, as PyTorch has it).</summary>
    public static WeightDecay Decoupled(Hyperparameter coefficient) => new(WeightDecayKind.Decoupled, coefficient);

    /// <summary>θ ← (1 − λ)θ before the rule, whatever the learning rate is.</summary>
    public static WeightDecay Independent(Hyperparameter coefficient) => new(WeightDecayKind.Independent, coefficient);

    /// <summary>For people: the kind and λ.</summary>
    public override string ToString() => Kind == WeightDecayKind.None ? "none" : $"{Kind} {Coefficient}";

    /// <summary>The decay's own arithmetic, before that of the rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Apply<TRule, S, L>(WeightDecayKind kind, in TRule rule, ref Step<S, L> at, ref L θ, ref L g) where TRule : struct, IRule where S : ILane<S> where L : ILane<L>
    {
        switch (kind)
        {
            case WeightDecayKind.L2:
                S λ = at.Hyper(rule.WeightDecay.Coefficient, "λ");
                g += at[λ] * θ;
                break;
            case WeightDecayKind.Decoupled:
                θ = at[1 - at.Hyper(rule.LearningRate, "η") * at.Hyper(rule.WeightDecay.Coefficient, "λ")] * θ;
                break;
            case WeightDecayKind.Independent:
                θ = at[1 - at.Hyper(rule.WeightDecay.Coefficient, "λ")] * θ;
                break;
        }
    }
}

/// <summary>The kinds of <see cref="WeightDecay"/>.</summary>
public enum WeightDecayKind
{
    /// <summary>No decay.</summary>
    None,

    /// <summary>In the gradient.</summary>
    L2,

    /// <summary>Beside the rule, times the learning rate.</summary>
    Decoupled,

    /// <summary>Beside the rule, independent of the learning rate.</summary>
    Independent,
}
