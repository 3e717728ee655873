namespace Engine;

/// <summary>
/// The hyperparameters under which parameters were trained, as text, so that training goes on under the same ones, and what their
/// reductions on plateaus remember.
/// </summary>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Parameters">The names of the parameters.</param>
/// <param name="Hyperparameters">
/// The value of each hyperparameter that the rule uses, by the name of its property: a number, or the formula of a schedule.
/// </param>
/// <param name="Plateaus">The state of each <see cref="ReduceOnPlateau"/> of the schedules, in the order of the hyperparameters.</param>
public sealed record GroupState(string Rule, IReadOnlyList<string> Parameters, IReadOnlyDictionary<string, string> Hyperparameters,
    IReadOnlyList<PlateauState> Plateaus);
