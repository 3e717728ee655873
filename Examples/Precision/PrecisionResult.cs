namespace Examples.Precision;

/// <summary>What the same code comes to in one precision.</summary>
/// <param name="SmallSteps">Where x is after so many steps that should have brought it from 4096 to 4095.</param>
/// <param name="Variance">The variance of pixels plus 10,000, as the mean of their squares less the square of their mean.</param>
/// <param name="Distances">The distance from the minimum of Rosenbrock's function, at equal distances of steps.</param>
/// <param name="DifferenceErrors">The relative error of a difference quotient of the digits' loss, for each h.</param>
/// <param name="Accuracy">The test accuracy of a network after a training on digits.</param>
internal sealed record PrecisionResult(
    double SmallSteps, double Variance, IReadOnlyList<double> Distances, IReadOnlyList<double> DifferenceErrors, double Accuracy);
