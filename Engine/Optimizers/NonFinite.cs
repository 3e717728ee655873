namespace Engine;

/// <summary>What a step does when a gradient holds NaN or infinity. All but <see cref="Propagate"/> read the gradients once more, unless clipping by norm reads them anyway.</summary>
public enum NonFinite
{
    /// <summary>Nothing: it goes into parameters and state, as in PyTorch.</summary>
    Propagate,

    /// <summary>The step throws with the parameter's name, and nothing has changed.</summary>
    Throw,

    /// <summary>The step does nothing but count itself in <see cref="StepReport.NonFiniteSteps"/> and clear the gradients.</summary>
    Skip,
}
