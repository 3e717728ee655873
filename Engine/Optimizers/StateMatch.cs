namespace Engine;

/// <summary>How exactly a saved state must fit the optimizer that loads it.</summary>
public enum StateMatch
{
    /// <summary>Parameters, rules, arrays and shapes must be the same; otherwise loading throws with the differences.</summary>
    Strict,

    /// <summary>State that fits is loaded; all other parameters start without state.</summary>
    Partial,
}
