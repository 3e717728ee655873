namespace Engine;

/// <summary>The kinds of <see cref="WeightDecay"/>.</summary>
public enum WeightDecayKind
{
    /// <summary>There is no decay.</summary>
    None,

    /// <summary>The decay is part of the gradient.</summary>
    L2,

    /// <summary>The parameter shrinks beside the rule, in proportion to the learning rate.</summary>
    Decoupled,

    /// <summary>The parameter shrinks beside the rule, independently of the learning rate.</summary>
    Independent,
}
