namespace Engine;

/// <summary>What a <see cref="GradientClip"/> bounds.</summary>
public enum GradientClipKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The norm of all gradients together.</summary>
    ByNorm,

    /// <summary>Each element.</summary>
    ByValue,

    /// <summary>The norm of each parameter's gradient.</summary>
    PerParameter,

    /// <summary>The root mean square of each parameter's gradient.</summary>
    ByBlockRms,

    /// <summary>The norm of each unit's gradient, in proportion to the norm of the unit's weights.</summary>
    Adaptive,
}
