namespace Engine;

/// <summary>How exactly a saved state must fit the optimizer or the model that loads it.</summary>
public enum StateMatch
{
<<<<<<< HEAD
    /// <summary>Names, rules, arrays and shapes are the same; else loading throws with the differences.</summary>
    Strict,

    /// <summary>What fits is loaded; in an optimizer, all other parameters start without state, in a model they keep their values.</summary>
=======
    /// <summary>
    /// Parameters, rules, arrays, shapes and hyperparameters must be the same; otherwise loading throws with the differences.
    /// </summary>
    Strict,

    /// <summary>
    /// State that fits is loaded; all other parameters start without state. Hyperparameters are not compared, as in
    /// <see cref="NewHyperparameters"/>.
    /// </summary>
>>>>>>> a50869f579e82999c4c70f32ba40ba064eee41f8
    Partial,

    /// <summary>
    /// As strict, but training goes on under the optimizer's own hyperparameters, whatever the saved ones were.
    /// </summary>
    NewHyperparameters,
}
