using System.Runtime.CompilerServices;
using Engine;

namespace Examples.OwnRule;

/// <summary>Hinton's RMSprop, written by hand: v ← αv + (1 − α)g², θ ← θ − η·g/(√v + ε).</summary>
internal readonly record struct RmsPropByHand() : IRule
{
    public Hyperparameter LearningRate { get; init; } = 0.01;

    public Hyperparameter Alpha { get; init; } = 0.99;

    public Hyperparameter Epsilon { get; init; } = 1e-8;

    public WeightDecay WeightDecay { get; init; }

    public static IReadOnlyList<StateName> States { get; } = [("v", "square_avg")];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
    {
        S η = at.Hyper(LearningRate, "η"), α = at.Hyper(Alpha, "α", lessThan: 1), ε = at.Hyper(Epsilon, "ε");
        ref L v = ref state.First;

        v = at[α] * v + at[1 - α] * g * g;
        θ -= at[η] * g / (L.Sqrt(v) + at[ε]);
    }
}
