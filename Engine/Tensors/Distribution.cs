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
    public static Distribution Uniform(double low, double high)
    {
        if (!double.IsFinite(high - low) || low > high)
        {
            throw new ArgumentOutOfRangeException(
                nameof(low), low,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Uniform: got the bounds {low} and {high}, expected two numbers, the first not above the second."));
        }
        return new(false, low, high - low);
    }

    /// <summary>Normal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite, or the standard deviation is negative.</exception>
    public static Distribution Normal(double mean, double standardDeviation)
    {
        if (!double.IsFinite(mean) || !double.IsFinite(standardDeviation) || standardDeviation < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Normal: got mean {mean} and standard deviation {standardDeviation}, expected two numbers, the second not "
                        + $"negative."));
        }
        return new(true, mean, standardDeviation);
    }

    /// <summary>All values equal.</summary>
    public static Distribution Constant(double value) => new(false, value, 0);

    /// <summary>The expectation.</summary>
    public double Mean => _normal ? _offset : _offset + _scale / 2;

    /// <summary>The expected squared distance from the mean.</summary>
    public double Variance => _normal ? _scale * _scale : _scale * _scale / 12;

    /// <summary>Draws element i from the key's number i.</summary>
    public void Fill<T>(Span<T> values, RandomKey key) where T : unmanaged, IFloatingPointIeee754<T>
    {
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

    /// <summary>For example <c>uniform on [-0.25, 0.25)</c>.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return _scale == 0 ? string.Create(culture, $"constant {_offset}")
            : _normal ? string.Create(culture, $"normal with mean {_offset} and standard deviation {_scale}")
            : string.Create(culture, $"uniform on [{_offset}, {_offset + _scale})");
    }
}
