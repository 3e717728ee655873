namespace Engine;

/// <summary>How <see cref="GradCheck"/> compares: |analytic − numeric| ≤ absolute + relative · |numeric|.</summary>
/// <remarks>
/// The error of a central difference is h²/6·|f‴| + 2⁻⁵³·|f|/h, some 1e-10 here. The tolerances are tighter than PyTorch's (1e-5 and
/// 1e-3), which let a factor of 1.0005 pass.
/// </remarks>
public sealed record GradCheckOptions
{
    /// <summary>h for elements up to 1 in magnitude; larger ones move by h·|x|. 1e-6 as in PyTorch.</summary>
    public double Step { get; init; } = 1e-6;

    /// <summary>The allowed error where the derivative is near zero.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-7;

    /// <summary>The allowed error in proportion to the derivative.</summary>
    public double RelativeTolerance { get; init; } = 1e-5;

    /// <summary>The largest number of elements that are checked one by one; a larger parameter is checked in random directions.</summary>
    public int MaxElements { get; init; } = 1000;

    /// <summary>The number of random directions of ±1 for a larger parameter.</summary>
    public int Directions { get; init; } = 16;
}
