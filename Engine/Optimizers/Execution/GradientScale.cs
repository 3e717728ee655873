namespace Engine;

/// <summary>What happens to a gradient before decay and rule, in the sweep itself: g ← clamp(Factor·g, ±Bound).</summary>
/// <param name="Factor">The factor of clipping by norm; negative where the loss is maximized.</param>
/// <param name="Bound">The bound of clipping by value; ∞ where there is none.</param>
internal readonly record struct GradientScale(double Factor, double Bound = double.PositiveInfinity)
{
    /// <summary>The gradient as it is.</summary>
    public static GradientScale Identity => new(1);

    /// <summary>Whether elements are clipped by value.</summary>
    public bool IsClamped => Bound < double.PositiveInfinity;
}
