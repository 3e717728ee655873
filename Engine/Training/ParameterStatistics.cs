using System.Globalization;

namespace Engine;

/// <summary>The sizes of one parameter in one update.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="GradientNorm">‖g‖₂ before clipping; NaN if it had no gradient.</param>
/// <param name="ValueNorm">‖θ‖₂ before the update.</param>
/// <param name="UpdateNorm">‖Δθ‖₂.</param>
public readonly record struct ParameterStatistics(string Name, Shape Shape, double GradientNorm, double ValueNorm, double UpdateNorm)
{
    /// <summary>‖Δθ‖/‖θ‖, of which 10⁻³ is a usual size; NaN if θ and Δθ are 0.</summary>
    public double UpdateRatio => UpdateNorm / ValueNorm;

    /// <summary>‖g‖₂/√n, which can be compared between parameters of different sizes; NaN if there was no gradient.</summary>
    public double GradientRootMeanSquare => GradientNorm / Math.Sqrt(Shape.Length);

    /// <summary>One line with the sizes.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name} {Shape}: gradient {GradientNorm:G4}, value {ValueNorm:G4}, update {UpdateNorm:G4} ({UpdateRatio:G3} of the value)");
}
