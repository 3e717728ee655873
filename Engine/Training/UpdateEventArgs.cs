namespace Engine;

/// <summary>An update that a trainer has made; the same object is used for the next one.</summary>
public sealed class UpdateEventArgs : EventArgs
{
    /// <summary>The running epoch, from 1.</summary>
    public long Epoch { get; internal set; }

    /// <summary>The updates made since the run began.</summary>
    public long Updates { get; internal set; }

    /// <summary>The mean loss of the samples that led to the update, before it.</summary>
    public double Loss { get; internal set; }

    /// <summary>What the optimizer did; the next step uses the same object.</summary>
    public StepReport Report { get; internal set; } = new();

    /// <summary>Whether the run ends after this update; a handler may set it.</summary>
    public bool Stop { get; set; }
}
