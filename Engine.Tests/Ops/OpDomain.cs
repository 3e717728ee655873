namespace Engine.Tests;

/// <summary>For which shapes an operation is defined.</summary>
public enum OpDomain
{
    /// <summary>For those of its row, and others like them.</summary>
    ItsShapes,

    /// <summary>For all that have an axis.</summary>
    WithAxis,

    /// <summary>For all, or all that broadcast.</summary>
    Any,
}
