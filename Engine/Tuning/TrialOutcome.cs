namespace Engine;

/// <summary>How a trial ended.</summary>
public enum TrialOutcome
{
    /// <summary>It ran for all epochs of the study.</summary>
    Completed,

    /// <summary>The study gave its epochs to better candidates.</summary>
    Stopped,

    /// <summary>It measured a number that is not finite.</summary>
    Diverged,

    /// <summary>It threw an exception.</summary>
    Failed,

    /// <summary>The study was cancelled.</summary>
    Cancelled,
}
