using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Maps each feature to a common scale, y = low + (x − offset)/extent · range, with numbers that were fitted to the training part alone.
/// The features are the indices of axis 1, as in <c>BatchNorm</c>: the columns of [n, features], the channels of [n, channels, h, w];
/// the elements of [n] are one feature. Results are constants: nothing is recorded.
/// </summary>
public abstract class FeatureScaler
{
    private readonly double[] _offsets, _extents;
    private readonly double _low, _range;

    private protected FeatureScaler(double[] offsets, double[] extents, double low, double range)
    {
        _offsets = offsets;
        _extents = extents;
        _low = low;
        _range = range;
    }

    /// <summary>The number of features.</summary>
    public int FeatureCount => _offsets.Length;

    /// <summary>The numbers that are subtracted.</summary>
    private protected ReadOnlySpan<double> Offsets => _offsets;

    /// <summary>The numbers that are divided by, 0 for a constant feature.</summary>
    private protected ReadOnlySpan<double> Extents => _extents;

    /// <summary>The values on the common scale, computed in double precision and rounded once.</summary>
    /// <param name="values">[n], or [n, features, …].</param>
    /// <exception cref="ArgumentException">There are not as many features as the scaler was fitted to.</exception>
    public Tensor<T> Apply<T>(in Tensor<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> scaled = Start(values, nameof(Apply), out FeatureLayout layout);
        ReadOnlySpan<T> x = values.Span;
        Span<T> y = scaled.Output;
        for (int i = 0; i < x.Length; i++)
        {
            int feature = layout.FeatureOf(i);
            double extent = _extents[feature];
            // a constant feature tells nothing, and what differs from the constant later was not trained on
            double value = extent == 0 ? 0 : (double.CreateTruncating(x[i]) - _offsets[feature]) / extent;
            y[i] = T.CreateTruncating(_low + value * _range);
        }
        return scaled;
    }

    /// <summary>A data set whose inputs are on the common scale; its answers are unchanged.</summary>
    /// <exception cref="ArgumentNullException">The data set is null.</exception>
    /// <exception cref="ArgumentException">It has not as many features as the scaler was fitted to.</exception>
    public Dataset<T> Apply<T>(Dataset<T> data) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.WithInputs(Apply(data.Inputs));
    }

    /// <summary>The values that <see cref="Apply{T}(in Tensor{T})"/> takes to these, such as predictions in the targets' units.</summary>
    /// <param name="values">[n], or [n, features, …].</param>
    /// <exception cref="ArgumentException">There are not as many features as the scaler was fitted to.</exception>
    public Tensor<T> Invert<T>(in Tensor<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> original = Start(values, nameof(Invert), out FeatureLayout layout);
        ReadOnlySpan<T> y = values.Span;
        Span<T> x = original.Output;
        for (int i = 0; i < y.Length; i++)
        {
            int feature = layout.FeatureOf(i);
            double value = (double.CreateTruncating(y[i]) - _low) / _range;
            x[i] = T.CreateTruncating(_offsets[feature] + value * _extents[feature]);
        }
        return original;
    }

    private Tensor<T> Start<T>(in Tensor<T> values, string operation, out FeatureLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        layout = FeatureLayout.Of(values.Shape, $"{GetType().Name}.{operation}");
        return layout.Features == FeatureCount
            ? Tensor<T>.Uninitialized(values.Shape)
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{GetType().Name}.{operation}: got the shape {values.Shape} with {layout.Features} features, expected ")
                    + string.Create(CultureInfo.InvariantCulture, $"{FeatureCount}."),
                nameof(values));
    }
}
