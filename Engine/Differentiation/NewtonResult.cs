namespace Engine;

/// <summary>Where <see cref="NewtonsMethod"/> has stopped.</summary>
/// <param name="Point">The last point.</param>
/// <param name="Value">The function's value there.</param>
/// <param name="Iterations">The number of steps made.</param>
/// <param name="HasConverged">
/// Whether the gradient is within the tolerance; if not, the iterations were used up, or no step along the direction lowered the value or,
/// where the value changes by no more than rounding, the gradient.
/// </param>
public sealed record NewtonResult(Tensor<double> Point, double Value, int Iterations, bool HasConverged);
