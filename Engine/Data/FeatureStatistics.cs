using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>What scalers are fitted to: means, deviations and ranges of features, in double precision.</summary>
internal static class FeatureStatistics
{
    /// <summary>The most terms that are kept before they are added up.</summary>
    private const int MostTerms = 1 << 16;

    /// <summary>The smallest and the largest element of each feature.</summary>
    /// <exception cref="ArgumentException">An element is not finite.</exception>
    public static (double[] Least, double[] Most) Ranges<T>(in Tensor<T> values, FeatureLayout layout, string operation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] least = new double[layout.Features], most = new double[layout.Features];
        Array.Fill(least, double.PositiveInfinity);
        Array.Fill(most, double.NegativeInfinity);
        ReadOnlySpan<T> x = values.Span;
        for (int i = 0; i < x.Length; i++)
        {
            int feature = layout.FeatureOf(i);
            double value = double.CreateTruncating(x[i]);
            if (!double.IsFinite(value))
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{operation}: got {value} in example {i / layout.Inner / layout.Features}, feature {feature}, expected finite ")
                        + "numbers.",
                    nameof(values));
            }
            least[feature] = Math.Min(least[feature], value);
            most[feature] = Math.Max(most[feature], value);
        }
        return (least, most);
    }

    /// <summary>Σ term(x, feature)/n of each feature, in one order of summation.</summary>
    public static double[] Means<T>(in Tensor<T> values, FeatureLayout layout, Func<double, int, double> term)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> x = values.Span;
        int width = layout.Features * layout.Inner, rows = Math.Clamp(MostTerms / width, 1, layout.Examples);
        int blocks = (layout.Examples + rows - 1) / rows;
        double[] terms = new double[rows * width], byRow = new double[rows * layout.Features];
        double[] sums = new double[blocks * layout.Features], total = new double[layout.Features];
        for (int block = 0; block < blocks; block++)
        {
            int from = block * rows, count = Math.Min(rows, layout.Examples - from);
            for (int i = 0; i < count * width; i++)
            {
                terms[i] = term(double.CreateTruncating(x[from * width + i]), layout.FeatureOf(i));
            }
            Span<double> ofRows = byRow.AsSpan(0, count * layout.Features);
            Reduction.SumAxis<double>(terms.AsSpan(0, count * width), ofRows, ofRows.Length, layout.Inner, 1);
            Reduction.SumAxis<double>(ofRows, sums.AsSpan(block * layout.Features, layout.Features), 1, count, layout.Features);
        }
        Reduction.SumAxis<double>(sums, total, 1, blocks, layout.Features);
        double n = (double)layout.Examples * layout.Inner;
        return Array.ConvertAll(total, sum => sum / n);
    }
}
