namespace Examples.Characters;

/// <summary>The options of the character model.</summary>
/// <param name="Seed">Seed of the weights, the order of the batches and the sampled text.</param>
/// <param name="Epochs">Passes over the text.</param>
/// <param name="Hidden">The number of recurrent units.</param>
/// <param name="Count">The characters to sample.</param>
/// <param name="Temperature">What the logits are divided by when sampling.</param>
internal sealed record CharacterSettings(long Seed, int Epochs, int Hidden, int Count, double Temperature);
