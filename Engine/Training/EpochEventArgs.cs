namespace Engine;

/// <summary>An epoch that a trainer has finished.</summary>
/// <param name="record">What it came to.</param>
public sealed class EpochEventArgs(EpochRecord record) : EventArgs
{
    /// <summary>What the epoch came to.</summary>
    public EpochRecord Record { get; } = record;

    /// <summary>Whether the run ends after this epoch; a handler may set it.</summary>
    public bool Stop { get; set; }
}
