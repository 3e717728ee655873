using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Gives each feature of the training part mean 0 and variance 1: y = (x − mean)/deviation, where the deviation is the root of the mean
/// squared difference from the mean. A feature that is constant in the training part becomes 0.
/// </summary>
public sealed class Standardizer : FeatureScaler
{
    /// <summary>A standardizer with numbers that were fitted before, and saved.</summary>
    /// <param name="means">The mean of each feature, finite.</param>
    /// <param name="deviations">The standard deviation of each feature, finite and not negative; 0 for a constant one.</param>
    /// <exception cref="ArgumentException">
    /// There are no features, not as many deviations as means, or a number is not as described.
    /// </exception>
    public Standardizer(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
        : base(means.ToArray(), deviations.ToArray(), low: 0, range: 1)
    {
        if (means.IsEmpty || means.Length != deviations.Length)
        {
            throw new ArgumentException(
                $"Standardizer: got {means.Length} means and {deviations.Length} deviations, expected one of each for each feature.",
                nameof(deviations));
        }
        for (int feature = 0; feature < means.Length; feature++)
        {
            if (!double.IsFinite(means[feature]) || !double.IsFinite(deviations[feature]) || deviations[feature] < 0)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Standardizer: got the mean {means[feature]} and the deviation {deviations[feature]} of feature {feature}, ")
                        + "expected finite numbers and a deviation from 0 on.",
                    double.IsFinite(means[feature]) ? nameof(deviations) : nameof(means));
            }
        }
    }

    /// <summary>The mean of each feature.</summary>
    public ReadOnlySpan<double> Means => Offsets;

    /// <summary>The standard deviation of each feature, 0 for a constant one.</summary>
    public ReadOnlySpan<double> Deviations => Extents;

    /// <summary>Fits to values, such as the targets of the training part.</summary>
    /// <param name="values">[n], or [n, features, …], at least one element, all finite.</param>
    /// <exception cref="ArgumentException">There are no elements, one is not finite, or the deviation overflows a double.</exception>
    public static Standardizer Fit<T>(in Tensor<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string operation = $"{nameof(Standardizer)}.{nameof(Fit)}";
        ElementType.Check<T>();
        FeatureLayout layout = FeatureLayout.Of(values.Shape, operation);
        (double[] least, double[] most) = FeatureStatistics.Ranges(values, layout, operation);
        double[] means = FeatureStatistics.Means(values, layout, (x, _) => x);
        for (int feature = 0; feature < means.Length; feature++)
        {
            // rounding may put the mean of equal numbers beside them
            means[feature] = least[feature] == most[feature] ? least[feature] : means[feature];
        }
        double[] variances = FeatureStatistics.Means(values, layout, (x, feature) => (x - means[feature]) * (x - means[feature]));
        return new Standardizer(means, Array.ConvertAll(variances, Math.Sqrt));
    }

    /// <summary>Fits to the inputs of the training part.</summary>
    /// <exception cref="ArgumentNullException">The data set is null.</exception>
    /// <exception cref="ArgumentException">An element is not finite, or the deviation overflows a double.</exception>
    public static Standardizer Fit<T>(Dataset<T> training) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(training);
        return Fit(training.Inputs);
    }
}
