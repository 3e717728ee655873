namespace Engine;

/// <summary>What a node of a recording's graph is.</summary>
internal enum TapeGraphNodeKind
{
    /// <summary>A recorded operation.</summary>
    Operation,

    /// <summary>A parameter that an operation reads.</summary>
    Parameter,

    /// <summary>A tensor that an operation reads and no gradient flows to.</summary>
    Constant,
}
