using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Takes the range of each feature in the training part to a common one: y = low + (x − least)/(most − least)·(high − low). Other values
/// may lie outside. A feature that is constant in the training part becomes low.
/// </summary>
public sealed class Rescaler : FeatureScaler
{
    private readonly double[] _most;

    /// <summary>A rescaler with numbers that were fitted before, and saved.</summary>
    /// <param name="least">The smallest value of each feature, finite.</param>
    /// <param name="most">The largest value of each feature, finite and not below the smallest.</param>
    /// <param name="low">What the smallest value becomes.</param>
    /// <param name="high">What the largest value becomes, above low.</param>
    /// <exception cref="ArgumentException">There are no features, not as many of both values, or one is not as described.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The common range is not finite, or high is not above low.</exception>
    public Rescaler(ReadOnlySpan<double> least, ReadOnlySpan<double> most, double low = 0, double high = 1)
        : base(least.ToArray(), Differences(least, most), low, high - low)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high - low) || !(low < high))
        {
            throw new ArgumentOutOfRangeException(
                nameof(high),
                string.Create(
                    CultureInfo.InvariantCulture, $"Rescaler: got the range from {low} to {high}, expected finite numbers, low < high."));
        }
        _most = most.ToArray();
    }

    /// <summary>The smallest value of each feature.</summary>
    public ReadOnlySpan<double> Minimum => Offsets;

    /// <summary>The largest value of each feature.</summary>
    public ReadOnlySpan<double> Maximum => _most;

    /// <summary>Fits to values, such as the targets of the training part.</summary>
    /// <param name="values">[n], or [n, features, …], at least one element, all finite.</param>
    /// <param name="low">What the smallest value of a feature becomes.</param>
    /// <param name="high">What the largest value becomes, above low.</param>
    /// <exception cref="ArgumentException">There are no elements, one is not finite, or the range overflows a double.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The common range is not finite, or high is not above low.</exception>
    public static Rescaler Fit<T>(in Tensor<T> values, double low = 0, double high = 1) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string operation = $"{nameof(Rescaler)}.{nameof(Fit)}";
        ElementType.Check<T>();
        (double[] least, double[] most) = FeatureStatistics.Ranges(values, FeatureLayout.Of(values.Shape, operation), operation);
        return new Rescaler(least, most, low, high);
    }

    /// <summary>Fits to the inputs of the training part.</summary>
    /// <param name="training">The training part.</param>
    /// <param name="low">What the smallest value of a feature becomes.</param>
    /// <param name="high">What the largest value becomes, above low.</param>
    /// <exception cref="ArgumentNullException">The data set is null.</exception>
    /// <exception cref="ArgumentException">An element is not finite, or the range overflows a double.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The common range is not finite, or high is not above low.</exception>
    public static Rescaler Fit<T>(Dataset<T> training, double low = 0, double high = 1) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(training);
        return Fit(training.Inputs, low, high);
    }

    private static double[] Differences(ReadOnlySpan<double> least, ReadOnlySpan<double> most)
    {
        if (least.IsEmpty || least.Length != most.Length)
        {
            throw new ArgumentException(
                $"Rescaler: got {least.Length} smallest and {most.Length} largest values, expected one of each for each feature.",
                nameof(most));
        }
        double[] differences = new double[least.Length];
        for (int feature = 0; feature < least.Length; feature++)
        {
            differences[feature] = most[feature] - least[feature];
            if (!double.IsFinite(differences[feature]) || differences[feature] < 0)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Rescaler: got feature {feature} from {least[feature]} to {most[feature]}, expected finite numbers in order."),
                    nameof(most));
            }
        }
        return differences;
    }
}
