namespace Engine.Tests.Interpreters;

/// <summary>Rules that are nobody's but this folder's: as a user would write them.</summary>
internal static class TestRules
{
    /// <summary>
    /// A user's own rule in ten lines: momentum whose every step is squashed by tanh, with a pull that fades with the count.
    /// </summary>
    public readonly record struct Clipped() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.1;

        public Hyperparameter Memory { get; init; } = 0.6;

        public Hyperparameter Strength { get; init; } = 2;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("speed", "speed")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            S η = at.Hyper(LearningRate, "η"), μ = at.Hyper(Memory, "μ", lessThan: 1), k = at.Hyper(Strength, "k");
            state.First = at[μ] * state.First + at[1 - μ] * g;
            L squashed = at.Name("w", L.Tanh(at[k] * state.First) + L.Pow(L.Abs(g), 3) * L.Exp(-L.Abs(g)));
            θ -= at[η / S.Log(1 + at.T)] * squashed;
        }
    }

    /// <summary>Uses the old momentum after the new one was computed: a formula that lost the difference would be wrong.</summary>
    public readonly record struct OldAndNew() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("b", "momentum_buffer"), ("older", "older")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            L old = state.First, before = θ;
            state.First = 0.9 * old - at[at.Hyper(LearningRate, "η")] * g;
            θ += 1.9 * state.First - 0.9 * old;
            state.Second = before;
        }
    }

    /// <summary>Reads its learning rate under two letters, of which a formula could print one alone.</summary>
    public readonly record struct TwoLetters() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state) =>
            θ -= at[at.Hyper(LearningRate, "η") * at.Hyper(LearningRate, "γ")] * g;
    }

    /// <summary>Two state arrays change places: neither can be assigned first.</summary>
    public readonly record struct Swap() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("here", "here"), ("there", "there")];

        public InitialState InitialValue(int index) => index == 0 ? InitialState.Parameter : 0.5;

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            (state.First, state.Second) = (state.Second, state.First);
            θ -= at[at.Hyper(LearningRate, "η")] * (g + state.First);
        }
    }
}
