namespace Engine;

/// <summary>Batches that know where an epoch ends.</summary>
internal interface IEpochs
{
    /// <summary>Whether, in a <c>foreach</c>, the current batch is the last of its epoch.</summary>
    bool IsAtEndOfEpoch { get; }
}
