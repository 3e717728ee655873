using System.Globalization;

namespace Engine;

/// <summary>How <see cref="GradCheck"/> compares: |analytic − numeric| ≤ absolute + relative · |numeric|.</summary>
/// <remarks>
/// The error of a central difference is h²/6·|f‴| + 2⁻⁵³·|f|/h, some 1e-10 here. The tolerances are tighter than PyTorch's (1e-5 and 1e-3), which let a factor of 1.0005 pass.
/// </remarks>
public sealed record GradCheckOptions
{
    /// <summary>h for elements up to 1 in magnitude; larger ones move by h·|x|. 1e-6 as in PyTorch.</summary>
    public double Step { get; init; } = 1e-6;

    /// <summary>What is allowed where the derivative is near zero.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-7;

    /// <summary>What is allowed in proportion to the derivative.</summary>
    public double RelativeTolerance { get; init; } = 1e-5;

    /// <summary>Up to how many elements a parameter is checked one by one.</summary>
    public int MaxElements { get; init; } = 1000;

    /// <summary>How many random directions of ±1 stand for the elements of a larger parameter.</summary>
    public int Directions { get; init; } = 16;
}

/// <summary>What <see cref="GradCheck"/> found: the worst element of all.</summary>
/// <param name="Passed">Whether all comparisons were within the tolerances.</param>
/// <param name="Compared">How many comparisons were made.</param>
/// <param name="Parameter">The name of the parameter with the worst one.</param>
/// <param name="Index">The worst element, row-major, or the number of the worst direction.</param>
/// <param name="IsDirection">Whether <paramref name="Index"/> is a direction: the parameter was too large to go through one by one.</param>
/// <param name="Analytic">The tape's derivative.</param>
/// <param name="Numeric">The central difference.</param>
/// <param name="RelativeError">|analytic − numeric| over the larger of the two.</param>
public sealed record GradCheckReport(bool Passed, int Compared, string Parameter, int Index, bool IsDirection, double Analytic, double Numeric, double RelativeError)
{
    /// <summary>One sentence for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"GradCheck {(Passed ? "passed" : "failed")}: of {Compared} derivatives the worst is that by {(IsDirection ? "direction" : "element")} {Index} of '{Parameter}': the tape says {Analytic:R}, the central difference {Numeric:R} (relative error {RelativeError:E1}).");
}
