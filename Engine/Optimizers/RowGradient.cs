using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Engine;

/// <summary>
/// The gradient of some rows in ascending order, each row once: the gradients of a row that is given more than once are added up in the
/// order given. The memory is reused.
/// </summary>
internal sealed class RowGradient<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private long[] _keys = [];
    private int[] _rows = [];
    private T[] _gradients = [];
    private int _count, _columns;

    /// <summary>The rows in ascending order.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>Their gradients, one row after another.</summary>
    public Span<T> Gradients => _gradients.AsSpan(0, _count * _columns);

    /// <summary>Replaces the rows, after checking that they fit the parameter.</summary>
    public void Gather(Parameter<T> parameter, ReadOnlySpan<int> rows, in Tensor<T> gradients)
    {
        Shape shape = parameter.Shape;
        if (shape.Rank < 2)
        {
            throw new ArgumentException(
                $"StepRows: got the parameter '{parameter.Name}' of shape {shape}, expected two or more dimensions.", nameof(parameter));
        }
        Span<int> extents = stackalloc int[shape.Rank];
        shape.Extents.CopyTo(extents);
        extents[0] = rows.Length;
        if (!gradients.Shape.Extents.SequenceEqual(extents))
        {
            throw new ArgumentException(
                $"StepRows: got gradients of shape {gradients.Shape} for {rows.Length} rows of '{parameter.Name}' {shape}, expected " +
                $"{new Shape(extents)}.", nameof(gradients));
        }
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)shape[0])
            {
                throw new ArgumentOutOfRangeException(
                    nameof(rows),
                    string.Create(CultureInfo.InvariantCulture, $"StepRows: got row {row} of '{parameter.Name}' {shape}, ")
                        + (shape[0] == 0 ? "which has no rows." : $"expected 0 to {shape[0] - 1}."));
            }
        }
        Sum(rows, gradients.Span, shape.ElementCount(1, shape.Rank));
    }

    private void Sum(ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients, int columns)
    {
        if (_keys.Length < rows.Length)
        {
            _keys = new long[Math.Max(rows.Length, 2 * _keys.Length)];
            _rows = new int[_keys.Length];
        }
        if (_gradients.Length < gradients.Length)
        {
            _gradients = new T[Math.Max(gradients.Length, 2 * _gradients.Length)];
        }
        for (int i = 0; i < rows.Length; i++)
        {
            _keys[i] = ((long)rows[i] << 32) | (uint)i; // by row, then by place
        }
        Array.Sort(_keys, 0, rows.Length);
        _columns = columns;
        _count = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = (int)(_keys[i] >> 32);
            ReadOnlySpan<T> gradient = gradients.Slice((int)(uint)_keys[i] * columns, columns);
            if (_count > 0 && _rows[_count - 1] == row)
            {
                Span<T> sum = _gradients.AsSpan((_count - 1) * columns, columns);
                TensorPrimitives.Add(sum, gradient, sum);
            }
            else
            {
                gradient.CopyTo(_gradients.AsSpan(_count * columns, columns));
                _rows[_count++] = row;
            }
        }
    }
}
