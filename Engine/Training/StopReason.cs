namespace Engine;

/// <summary>Why a training run ended.</summary>
public enum StopReason
{
    /// <summary>It has reached its length.</summary>
    Completed,

    /// <summary>The monitored number has not improved for as many epochs as early stopping allows.</summary>
    EarlyStopping,

    /// <summary>A loss was not finite; the update with it was not made.</summary>
    Diverged,

    /// <summary>The cancellation token was cancelled; the update that was running was finished.</summary>
    Cancelled,

    /// <summary>A handler of an event asked for it.</summary>
    Requested,
}
