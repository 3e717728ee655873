using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Shrinks the weights toward zero. Three different methods have this name, so it is a type and not a number: a penalty λ/2·‖θ‖² whose
/// gradient goes through the rule, and a decay of θ beside the rule, in proportion to the learning rate or independent of it.
/// </summary>
public readonly record struct WeightDecay
{
    private WeightDecay(WeightDecayKind kind, Hyperparameter coefficient)
    {
        Kind = kind;
        Coefficient = coefficient;
    }

    /// <summary>Which of the three methods it is.</summary>
    public WeightDecayKind Kind { get; }

    /// <summary>The coefficient λ ≥ 0.</summary>
    public Hyperparameter Coefficient { get; }

    /// <summary>No decay.</summary>
    public static WeightDecay None => default;

    /// <summary>g ← g + λθ: the gradient of the penalty λ/2·‖θ‖² (what PyTorch's SGD and Adam call weight_decay).</summary>
    public static WeightDecay L2(Hyperparameter coefficient) => new(WeightDecayKind.L2, coefficient);

    /// <summary>θ ← (1 − ηλ)θ before the rule (AdamW; Loshchilov &amp; Hutter, 2019, as PyTorch has it).</summary>
    public static WeightDecay Decoupled(Hyperparameter coefficient) => new(WeightDecayKind.Decoupled, coefficient);

    /// <summary>θ ← (1 − λ)θ before the rule, independently of the learning rate.</summary>
    public static WeightDecay Independent(Hyperparameter coefficient) => new(WeightDecayKind.Independent, coefficient);

    /// <summary>The kind and the coefficient.</summary>
    public override string ToString() => Kind == WeightDecayKind.None ? "none" : $"{Kind} {Coefficient}";

    /// <summary>The arithmetic of the decay, which runs before the rule's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Apply<TRule, S, L>(WeightDecayKind kind, in TRule rule, ref Step<S, L> at, ref L θ, ref L g)
        where TRule : struct, IRule where S : ILane<S> where L : ILane<L>
    {
        switch (kind)
        {
            case WeightDecayKind.L2:
                S λ = at.Hyper(rule.WeightDecay.Coefficient, "λ", name: nameof(rule.WeightDecay));
                g += at[λ] * θ;
                break;
            case WeightDecayKind.Decoupled:
                S η = at.Hyper(rule.LearningRate, "η", name: nameof(rule.LearningRate));
                θ = at[1 - η * at.Hyper(rule.WeightDecay.Coefficient, "λ", name: nameof(rule.WeightDecay))] * θ;
                break;
            case WeightDecayKind.Independent:
                θ = at[1 - at.Hyper(rule.WeightDecay.Coefficient, "λ", name: nameof(rule.WeightDecay))] * θ;
                break;
        }
    }
}
