using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The distribution that initial values are drawn from: independent numbers, or the elements of a random matrix, which belong together.
/// </summary>
public readonly record struct Distribution
{
    /// <summary>What no standard normal number that is drawn exceeds.</summary>
    private const double LargestNormal = 8.3;

    private readonly Law _law;
    private readonly double _offset, _scale, _low, _high;
    private readonly int _rows, _columns, _zeros;

    private Distribution(Law law, double offset, double scale, double low = 0, double high = 0)
    {
        _law = law;
        _offset = offset;
        _scale = scale;
        _low = low;
        _high = high;
    }

    private Distribution(Law law, double scale, int rows, int columns, int zeros = 0)
    {
        _law = law;
        _scale = scale;
        _rows = rows;
        _columns = columns;
        _zeros = zeros;
    }

    private enum Law
    {
        Uniform,
        Normal,
        TruncatedNormal,
        Identity,
        Orthogonal,
        Sparse,
    }

    /// <summary>Uniform on [low, high): mean (low + high)/2, variance (high − low)²/12.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or low is above high.</exception>
    public static Distribution Uniform(double low, double high) => Uniform(low, high, nameof(Uniform));

    /// <summary>Normal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite, or the standard deviation is negative.</exception>
    public static Distribution Normal(double mean, double standardDeviation) => Normal(mean, standardDeviation, nameof(Normal));

    /// <summary>
    /// Normal under the condition that the value lies between two bounds. Mean and variance, which the truncation changes, are
    /// <see cref="Mean"/> and <see cref="Variance"/>: between ±2 standard deviations the variance is 0.774 of the normal one.
    /// </summary>
    /// <param name="mean">Of the normal distribution.</param>
    /// <param name="standardDeviation">Of the normal distribution, above 0.</param>
    /// <param name="low">The lower bound; null for two standard deviations below the mean.</param>
    /// <param name="high">The upper bound; null for two standard deviations above the mean.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter is not finite, the standard deviation is not above 0, low is not below high, or both are so far out on one side, or so
    /// close together, that the probability between them is 0 in double precision.
    /// </exception>
    public static Distribution TruncatedNormal(double mean, double standardDeviation, double? low = null, double? high = null)
    {
        double from = low ?? mean - 2 * standardDeviation, to = high ?? mean + 2 * standardDeviation;
        Distribution distribution = new(Law.TruncatedNormal, mean, standardDeviation, from, to);
        return double.IsFinite(mean) && double.IsFinite(standardDeviation) && standardDeviation > 0 && double.IsFinite(from)
            && double.IsFinite(to) && from < to && distribution.Probabilities().Width > 0
            ? distribution
            : throw new ArgumentOutOfRangeException(
                nameof(low),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"TruncatedNormal: got mean {mean}, standard deviation {standardDeviation} and the bounds {from} and {to}, expected "
                        + $"finite numbers, the second above 0, and a probability above 0 between the bounds."));
    }

    /// <summary>All values equal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Distribution Constant(double value) => new(Law.Uniform, Finite(value, nameof(Constant)), 0);

    /// <summary>The expectation of a value; of a matrix, of an element chosen at random.</summary>
    public double Mean => _law switch
    {
        Law.Uniform => _offset + _scale / 2,
        Law.TruncatedNormal => _offset + _scale * TruncatedMoments().Mean,
        Law.Identity => _scale * DiagonalShare,
        _ => _offset,
    };

    /// <summary>The expected squared distance from the mean; of a matrix, of an element chosen at random.</summary>
    public double Variance => _scale * _scale * _law switch
    {
        Law.Uniform => 1.0 / 12,
        Law.Normal => 1,
        Law.TruncatedNormal => TruncatedMoments().Variance,
        Law.Identity => DiagonalShare * (1 - DiagonalShare),
        Law.Orthogonal => DiagonalShare,
        _ => _rows == 0 ? 0 : (_rows - _zeros) / (double)_rows,
    };

    /// <summary>The number of elements on the diagonal, divided by that of all.</summary>
    private double DiagonalShare => _rows == 0 || _columns == 0 ? 0 : 1.0 / Math.Max(_rows, _columns);

    /// <summary>Draws element i from the key's number i; a random matrix is computed from the numbers of all its elements.</summary>
    /// <exception cref="ArgumentException">
    /// A value may be too large for <typeparamref name="T"/>; or the distribution is that of a matrix with another number of elements.
    /// </exception>
    public void Fill<T>(Span<T> values, RandomKey key) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        ThrowUnlessFinite<T>(nameof(Fill));
        if (_law >= Law.Identity && values.Length != (long)_rows * _columns)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"Fill: got {values.Length} values for {this}, expected {(long)_rows * _columns}."),
                nameof(values));
        }
        if (_scale == 0)
        {
            values.Fill(T.CreateTruncating(_offset));
            return;
        }
        switch (_law)
        {
            case Law.Uniform:
                Sampling.Uniform(values, _offset, _scale, key.Key, key.Stream, 0);
                break;
            case Law.Normal:
                Sampling.Normal(values, _offset, _scale, key.Key, key.Stream, 0);
                break;
            case Law.TruncatedNormal:
                (double below, double width, bool isMirrored) = Probabilities();
                double scale = isMirrored ? -_scale : _scale;
                Sampling.TruncatedNormal(values, _offset, scale, below, width, _low, _high, key.Key, key.Stream);
                break;
            case Law.Identity:
                RandomMatrix.Identity(values, _columns, _scale);
                break;
            case Law.Orthogonal:
                RandomMatrix.Orthogonal(values, _rows, _columns, _scale, key);
                break;
            default:
                RandomMatrix.Sparse(values, _rows, _columns, _scale, _zeros, key);
                break;
        }
    }

    internal static Distribution Uniform(double low, double high, string operation) =>
        double.IsFinite(low) && double.IsFinite(high) && double.IsFinite(high - low) && low <= high
        ? new(Law.Uniform, low, high - low)
        : throw new ArgumentOutOfRangeException(
            nameof(low),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}: got the bounds {low} and {high}, expected two finite numbers, the first not above the second."));

    internal static Distribution Normal(double mean, double standardDeviation, string operation) =>
        double.IsFinite(mean) && double.IsFinite(standardDeviation) && standardDeviation >= 0
        ? new(Law.Normal, mean, standardDeviation)
        : throw new ArgumentOutOfRangeException(
            nameof(standardDeviation),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}: got mean {mean} and standard deviation {standardDeviation}, expected two finite numbers, the second not "
                    + $"negative."));

    /// <summary>The identity, times a gain.</summary>
    internal static Distribution Identity(int rows, int columns, double gain) => new(Law.Identity, gain, rows, columns);

    /// <summary>Orthonormal rows or columns, whichever are fewer, times a gain.</summary>
    internal static Distribution Orthogonal(int rows, int columns, double gain) => new(Law.Orthogonal, gain, rows, columns);

    /// <summary>Normal, with zeros at random places of each column.</summary>
    internal static Distribution Sparse(int rows, int columns, double standardDeviation, int zeros) =>
        new(Law.Sparse, standardDeviation, rows, columns, zeros);

    /// <summary>The value, if it is finite.</summary>
    internal static double Finite(double value, string operation) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), string.Create(CultureInfo.InvariantCulture, $"{operation}: got {value}, expected a finite number."));

    /// <summary>Throws if a value may be infinite once it is rounded to <typeparamref name="T"/>.</summary>
    internal void ThrowUnlessFinite<T>(string operation) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double largest = _law switch
        {
            Law.Uniform => Math.Max(Math.Abs(_offset), Math.Abs(_offset + _scale)),
            Law.TruncatedNormal => Math.Max(Math.Abs(_low), Math.Abs(_high)),
            Law.Normal or Law.Sparse => Math.Abs(_offset) + LargestNormal * _scale,
            _ => Math.Abs(_scale),
        };
        if (!T.IsFinite(T.CreateTruncating(largest)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(T), $"{operation}: got {this}, expected one whose numbers are finite as {typeof(T).Name}.");
        }
    }

    /// <summary>
    /// The normal distribution's probability below the bounds and between them: on the side of small probabilities, where they are
    /// accurate, so that the mirrored distribution takes the place of one above the mean.
    /// </summary>
    private (double Below, double Width, bool IsMirrored) Probabilities()
    {
        double low = (_low - _offset) / _scale, high = (_high - _offset) / _scale;
        bool isMirrored = low > 0;
        double below = Normal(isMirrored ? -high : low).Probability;
        return (below, Normal(isMirrored ? -low : high).Probability - below, isMirrored);
    }

    /// <summary>
    /// Mean (φ(α) − φ(β))/Z and variance 1 + (αφ(α) − βφ(β))/Z − mean² of a standard normal number between α and β with the probability Z.
    /// </summary>
    private (double Mean, double Variance) TruncatedMoments()
    {
        const double far = 40; // where φ is 0
        double low = Math.Clamp((_low - _offset) / _scale, -far, far), high = Math.Clamp((_high - _offset) / _scale, -far, far);
        double extent = high - low, middle = low + extent / 2;
        if (extent * Math.Max(1, Math.Abs(middle)) < 1e-3)
        {
            return (middle, extent * extent / 12); // almost uniform, and the differences below would cancel
        }
        double width = Probabilities().Width, above = Normal(low).Density, below = Normal(high).Density;
        double mean = Math.Clamp((above - below) / width, low, high);
        return (mean, Math.Clamp(1 + (low * above - high * below) / width - mean * mean, 0, extent * extent / 4));
    }

    /// <summary>Φ(x) and φ(x).</summary>
    private static (double Probability, double Density) Normal(double x) =>
        (Scalar<double>.NormalDistribution(x, out Scalar<double> density).Value, density.Value);

    /// <summary>For example <c>uniform on [-0.25, 0.25)</c>.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return _law switch
        {
            Law.Identity => string.Create(culture, $"{_scale} times the identity of [{_rows}, {_columns}]"),
            Law.Orthogonal => string.Create(culture, $"{_scale} times an orthogonal matrix of [{_rows}, {_columns}]"),
            Law.Sparse => string.Create(
                culture, $"[{_rows}, {_columns}] normal with standard deviation {_scale} and {_zeros} zeros in each column"),
            _ when _scale == 0 => string.Create(culture, $"constant {_offset}"),
            Law.Normal => string.Create(culture, $"normal with mean {_offset} and standard deviation {_scale}"),
            Law.TruncatedNormal => string.Create(
                culture, $"normal with mean {_offset} and standard deviation {_scale} between {_low} and {_high}"),
            _ => string.Create(culture, $"uniform on [{_offset}, {_offset + _scale})"),
        };
    }
}
