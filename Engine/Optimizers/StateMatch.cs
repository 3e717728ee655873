namespace Engine;

/// <summary>How exactly a saved state must fit the optimizer that loads it.</summary>
public enum StateMatch
{
    /// <summary>
    /// Parameters, rules, arrays, shapes and hyperparameters must be the same; otherwise loading throws with the differences.
    /// </summary>
    Strict,

    /// <summary>
    /// State that fits is loaded; all other parameters start without state. Hyperparameters are not compared, as in
    /// <see cref="NewHyperparameters"/>.
    /// </summary>
    Partial,

    /// <summary>
    /// As strict, but training goes on under the optimizer's own hyperparameters, whatever the saved ones were.
    /// </summary>
    NewHyperparameters,
}
