namespace Engine;

/// <summary>What a schedule does between two values.</summary>
public enum Interpolation
{
    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>Half a period of a cosine, level at both ends.</summary>
    Cosine,
}
