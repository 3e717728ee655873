namespace Engine;

/// <summary>What becomes of the last examples of an epoch, if they are fewer than a batch.</summary>
public enum LastBatch
{
    /// <summary>They are a smaller batch.</summary>
    Keep,

    /// <summary>They are left out of this epoch; the next one, in another order, leaves out others.</summary>
    Drop,
}
