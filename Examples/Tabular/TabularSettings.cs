namespace Examples.Tabular;

/// <summary>The options of a cross-validation.</summary>
/// <param name="Seed">Seed of the folds, the initial weights and the order of the batches.</param>
/// <param name="Folds">The parts of the data, each of which is the test part once.</param>
/// <param name="Epochs">Passes over the training part.</param>
internal sealed record TabularSettings(long Seed, int Folds, int Epochs);
