namespace Engine;

/// <summary>A mistake that is often made when an update rule is written by hand.</summary>
public enum RuleMistake
{
    /// <summary>The corrections 1 − βᵗ are missing, so that the first steps have the wrong size.</summary>
    NoBiasCorrection,

    /// <summary>The count t is one too large: the first update is taken for the second.</summary>
    CountOneAhead,

    /// <summary>ε is added inside the root: √(v + ε) in place of √v + ε.</summary>
    EpsilonInsideRoot,

    /// <summary>The decay is applied twice.</summary>
    DecayTwice,

    /// <summary>The decay is not multiplied by the learning rate: θ ← (1 − λ)θ.</summary>
    DecayWithoutRate,

    /// <summary>The decay goes into the gradient (L2) where it should be decoupled.</summary>
    DecayInGradient,

    /// <summary>The decay is decoupled where it should go into the gradient (L2).</summary>
    DecayDecoupled,

    /// <summary>There is no decay.</summary>
    NoDecay,

    /// <summary>The learning rate is multiplied in twice.</summary>
    RateTwice,

    /// <summary>The step goes up the gradient.</summary>
    Ascends,
}
