namespace Engine;

/// <summary>What becomes of names that only a model or only the file has from which it is loaded.</summary>
public enum NameMatch
{
    /// <summary>Loading throws with all of them.</summary>
    Strict,

    /// <summary>What both have is loaded; the rest of the model keeps its values. Shapes and types must fit all the same.</summary>
    Partial,
}
