namespace Engine;

/// <summary>Where a training stands in its data: save it with the model, and set it to resume in mid-epoch.</summary>
/// <param name="Epoch">The epoch, from 0 on.</param>
/// <param name="Index">The number of batches of that epoch that were taken: the index of the next one.</param>
public readonly record struct BatchPosition(long Epoch, int Index);
