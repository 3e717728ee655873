using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

public sealed partial class Optimizer<T>
{
    private IGradientTransform[] _transforms = [];
    private double _weight = 1;
    private bool _hasCopies;

    /// <summary>
    /// What changes the gradients before they are clipped, first to last: <c>optimizer.Transforms = [new GradientCentralization(),
    /// new GradientNoise(key)]</c>. Each step makes copies of the gradients for them; the parameters' own gradients stay as they are.
    /// </summary>
    /// <exception cref="ArgumentNullException">The list or one of the transforms is null.</exception>
    /// <exception cref="InvalidOperationException">A call of the optimizer is running.</exception>
    public IReadOnlyList<IGradientTransform> Transforms
    {
        get => _transforms;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            IGradientTransform[] transforms = [.. value];
            foreach (IGradientTransform transform in transforms)
            {
                ArgumentNullException.ThrowIfNull(transform, nameof(Transforms));
            }
            using Use use = Enter(nameof(Transforms));
            _transforms = transforms;
        }
    }

    /// <summary>
    /// Applies the transforms to copies of the gradients, multiplied by <paramref name="weight"/>, and measures the norm before clipping;
    /// NaN where nobody needs it. The copies are dropped when the call of the optimizer ends.
    /// </summary>
    internal double PrepareGradients(double weight)
    {
        _weight = weight;
        if (_transforms.Length > 0)
        {
            foreach (ParameterEntry<T> entry in _entries)
            {
                if (entry.Parameter.HasGradient)
                {
                    TensorPrimitives.Multiply(entry.Parameter.Gradient.Span, T.CreateTruncating(weight), UseCopy(entry));
                    foreach (IGradientTransform transform in _transforms)
                    {
                        transform.Apply(new ParameterGradient<T>(entry));
                    }
                }
            }
            _weight = 1; // is in the copies
        }
        return NeedsNorm ? _weight * ClippedNorm() : double.NaN;
    }

    /// <summary>
    /// Sets the scale of each gradient, and clips copies of the gradients where the clipping is adaptive. Returns the smallest factor.
    /// </summary>
    /// <param name="norm">The norm before clipping.</param>
    internal double ClipGradients(double norm)
    {
        double smallest = 1;
        foreach (ParameterEntry<T> entry in _entries)
        {
            if (entry.Parameter.HasGradient)
            {
                int length = entry.Parameter.Shape.Length;
                double factor = Clip.Kind switch
                {
                    GradientClipKind.Adaptive => ClipUnits(entry),
                    GradientClipKind.PerParameter or GradientClipKind.ByBlockRms => Clip.Coefficient(_weight * entry.GradientNorm, length),
                    _ => Clip.Coefficient(norm, length),
                };
                entry.Scale = ScaleOf(Clip.Kind == GradientClipKind.Adaptive ? 1 : _weight * factor);
                smallest = Math.Min(smallest, factor);
            }
        }
        return smallest;
    }

    /// <summary>Sets the scale of the rows' gradient, and clips it in place where the clipping is adaptive.</summary>
    private void ClipRows(ParameterEntry<T> entry, double norm)
    {
        if (Clip.Kind == GradientClipKind.Adaptive)
        {
            ClipUnitsOfRows(entry.Parameter);
        }
        entry.Scale = ScaleOf(Clip.Coefficient(norm, entry.Parameter.Shape.Length));
    }

    private GradientScale ScaleOf(double factor) =>
        new(Maximize ? -factor : factor, Clip.Kind == GradientClipKind.ByValue ? Clip.Bound : double.PositiveInfinity);

    /// <summary>Clips each unit of a copy of the gradient, and returns the smallest factor.</summary>
    private double ClipUnits(ParameterEntry<T> entry)
    {
        ReadOnlySpan<T> value = entry.Parameter.ValueBuffer.Span, gradient = entry.Gradient.Span;
        Span<T> clipped = UseCopy(entry);
        double smallest = 1;
        int length = UnitLength(entry.Parameter.Shape);
        for (int from = 0; from < value.Length; from += length)
        {
            ReadOnlySpan<T> unit = gradient.Slice(from, length);
            double factor = Clip.UnitCoefficient(_weight * Vectors.Norm(unit), Vectors.Norm(value.Slice(from, length)));
            TensorPrimitives.Multiply(unit, T.CreateTruncating(_weight * factor), clipped.Slice(from, length));
            smallest = Math.Min(smallest, factor);
        }
        if (_rulesNeedNorms)
        {
            entry.SquaredNorm = Reduction.SumOfSquares<T>(clipped);
        }
        return smallest;
    }

    private void ClipUnitsOfRows(Parameter<T> parameter)
    {
        ReadOnlySpan<T> value = parameter.Value.Span;
        Span<T> gradients = _rows.Gradients;
        int columns = gradients.Length / _rows.Rows.Length;
        if (UnitLength(parameter.Shape) == value.Length)
        {
            Vectors.Scale(gradients, Clip.UnitCoefficient(Vectors.Norm<T>(gradients), Vectors.Norm(value)));
            return;
        }
        for (int i = 0; i < _rows.Rows.Length; i++)
        {
            Span<T> unit = gradients.Slice(i * columns, columns);
            double valueNorm = Vectors.Norm(value.Slice(_rows.Rows[i] * columns, columns));
            Vectors.Scale(unit, Clip.UnitCoefficient(Vectors.Norm<T>(unit), valueNorm));
        }
    }

    /// <summary>The elements in a unit of adaptive clipping: all, if at most one axis is longer than 1, else those of one output.</summary>
    private static int UnitLength(in Shape shape)
    {
        int longAxes = 0;
        foreach (int extent in shape.Extents)
        {
            longAxes += extent > 1 ? 1 : 0;
        }
        return longAxes <= 1 ? shape.Length : shape.Length / shape[0];
    }

    private Span<T> UseCopy(ParameterEntry<T> entry)
    {
        _hasCopies = true;
        return entry.UseCopy();
    }

    /// <summary>Makes everything read the parameters' own gradients again.</summary>
    private void DropCopies()
    {
        if (_hasCopies)
        {
            foreach (ParameterEntry<T> entry in _entries)
            {
                entry.DropCopy();
            }
            _hasCopies = false;
        }
    }

    /// <summary>The transforms in words, before what comes after them.</summary>
    private static string Describe(IGradientTransform[] transforms) =>
        transforms.Length == 0 ? "" : $"gradients through {string.Join(", ", transforms.AsEnumerable())}, ";
}
