namespace Engine;

/// <summary>What the factor of a cycle's amplitude is counted by.</summary>
internal enum CycleAmplitude
{
    /// <summary>Nothing: all cycles have the same amplitude.</summary>
    Full,

    /// <summary>The cycles that have ended.</summary>
    PerCycle,

    /// <summary>The updates.</summary>
    PerUpdate,
}
