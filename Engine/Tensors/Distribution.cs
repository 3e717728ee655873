using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>The distribution that initial values are drawn from.</summary>
public readonly record struct Distribution
{
    private readonly bool _normal;
    private readonly double _offset, _scale;

    private Distribution(bool normal, double offset, double scale)
    {
        _normal = normal;
        _offset = offset;
        _scale = scale;
    }

    /// <summary>Uniform on [low, high): mean (low + high)/2, variance (high − low)²/12.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or low is above high.</exception>
    public static Distribution Uniform(double low, double high) => Uniform(low, high, nameof(Uniform));

    /// <summary>Normal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite, or the standard deviation is negative.</exception>
    public static Distribution Normal(double mean, double standardDeviation) => Normal(mean, standardDeviation, nameof(Normal));

    /// <summary>All values equal.</summary>
    public static Distribution Constant(double value) => new(false, value, 0);

    /// <summary>The expectation.</summary>
    public double Mean => _normal ? _offset : _offset + _scale / 2;

    /// <summary>The expected squared distance from the mean.</summary>
    public double Variance => _normal ? _scale * _scale : _scale * _scale / 12;

    /// <summary>Draws element i from the key's number i.</summary>
    public void Fill<T>(Span<T> values, RandomKey key) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        if (_scale == 0)
        {
            values.Fill(T.CreateTruncating(_offset));
        }
        else if (_normal)
        {
            Sampling.Normal(values, _offset, _scale, key.Key, key.Stream, 0);
        }
        else
        {
            Sampling.Uniform(values, _offset, _scale, key.Key, key.Stream, 0);
        }
    }

    internal static Distribution Uniform(double low, double high, string operation) =>
        double.IsFinite(low) && double.IsFinite(high) && double.IsFinite(high - low) && low <= high
        ? new(false, low, high - low)
        : throw new ArgumentOutOfRangeException(
            nameof(low),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}: got the bounds {low} and {high}, expected two finite numbers, the first not above the second."));

    internal static Distribution Normal(double mean, double standardDeviation, string operation) =>
        double.IsFinite(mean) && double.IsFinite(standardDeviation) && standardDeviation >= 0
        ? new(true, mean, standardDeviation)
        : throw new ArgumentOutOfRangeException(
            nameof(standardDeviation),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}: got mean {mean} and standard deviation {standardDeviation}, expected two finite numbers, the second not "
                    + $"negative."));

    /// <summary>For example <c>uniform on [-0.25, 0.25)</c>.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return _scale == 0 ? string.Create(culture, $"constant {_offset}")
            : _normal ? string.Create(culture, $"normal with mean {_offset} and standard deviation {_scale}")
            : string.Create(culture, $"uniform on [{_offset}, {_offset + _scale})");
    }
}
