namespace Engine;

/// <summary>
/// What a step does when a gradient holds NaN or infinity. All but <see cref="Propagate"/> read the gradients once more, unless clipping
/// by norm reads them anyway.
/// </summary>
public enum NonFinite
{
    /// <summary>The step is made: NaN and infinity reach parameters and state, as in PyTorch.</summary>
    Propagate,

    /// <summary>The step throws with the parameter's name, and nothing was changed.</summary>
    Throw,

    /// <summary>The step is skipped: it only increments <see cref="StepReport.NonFiniteSteps"/> and clears the gradients.</summary>
    Skip,
}
