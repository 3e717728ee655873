using System.Globalization;

namespace Engine;

/// <summary>What <see cref="GradCheck"/> found: the worst of all derivatives it compared.</summary>
/// <param name="Passed">Whether all derivatives were within the tolerances.</param>
/// <param name="Compared">How many derivatives were compared.</param>
/// <param name="Parameter">The name of the parameter with the worst derivative.</param>
/// <param name="Index">The worst element, row-major, or the number of the worst direction.</param>
/// <param name="IsDirection">
/// Whether <paramref name="Index"/> is a direction: the parameter is too large to check element by element.
/// </param>
/// <param name="Analytic">The tape's derivative.</param>
/// <param name="Numeric">The central difference.</param>
/// <param name="RelativeError">|analytic − numeric| over the larger of the two.</param>
public sealed record GradCheckReport(
    bool Passed, int Compared, string Parameter, int Index, bool IsDirection, double Analytic, double Numeric, double RelativeError)
{
    /// <summary>The result in one sentence.</summary>
    public override string ToString() => Compared == 0
        ? "GradCheck passed: there was no derivative to compare, since no parameter has elements."
        : string.Create(
        CultureInfo.InvariantCulture,
        $"GradCheck {(Passed ? "passed" : "failed")}: the worst of {Compared} derivatives is that with respect to "
            + $"{(IsDirection ? "direction" : "element")} {Index} of '{Parameter}': got {Analytic:R} from the tape, "
            + $"expected {Numeric:R} by "
            + $"central difference (relative error {RelativeError:E1}).");
}
