namespace Engine;

/// <summary>How exactly a saved state must fit the optimizer or the model that loads it.</summary>
public enum StateMatch
{
    /// <summary>Names, rules, arrays and shapes must be the same; else loading throws with the differences.</summary>
    Strict,

    /// <summary>What fits is loaded; in an optimizer, all other parameters start without state, in a model they keep their values.</summary>
    Partial,
}
