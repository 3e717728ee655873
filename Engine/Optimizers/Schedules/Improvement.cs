namespace Engine;

/// <summary>Which change of a monitored number is an improvement.</summary>
public enum Improvement
{
    /// <summary>A smaller number is better, as of a loss.</summary>
    Decrease,

    /// <summary>A larger number is better, as of an accuracy.</summary>
    Increase,
}
