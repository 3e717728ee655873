namespace Engine;

/// <summary>How a run ended; the values are those of TensorBoard's hyperparameter plugin.</summary>
public enum RunOutcome
{
    /// <summary>Nobody has said.</summary>
    Unknown = 0,

    /// <summary>It reached its end.</summary>
    Succeeded = 1,

    /// <summary>It failed.</summary>
    Failed = 2,

    /// <summary>It has not ended.</summary>
    Running = 3,
}
