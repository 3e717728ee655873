using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Copies a row-major array into another order of its axes.</summary>
/// <remarks>
/// Axes that stay adjacent are merged into one. If the innermost axis stays innermost, whole rows are copied; otherwise square tiles are
/// transposed, so that the cache lines of both arrays are used completely.
/// </remarks>
internal unsafe ref struct Permutation
{
    private const int MaxAxes = 8, Tile = 32;

    private Axes _extents, _strides;
    private int _axes;

    /// <summary>Plans the copy: axis j of the result is axis <paramref name="order"/>[j] of an array with these extents.</summary>
    public Permutation(ReadOnlySpan<int> extents, ReadOnlySpan<int> order)
    {
        Axes strides = default;
        int stride = 1;
        for (int axis = extents.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= extents[axis];
        }
        // innermost first
        for (int j = order.Length - 1; j >= 0; j--)
        {
            int extent = extents[order[j]];
            if (extent == 1)
            {
                continue;
            }
            int last = _axes - 1;
            if (last >= 0 && strides[order[j]] == _strides[last] * _extents[last])
            {
                _extents[last] *= extent;
                continue;
            }
            _extents[_axes] = extent;
            _strides[_axes++] = strides[order[j]];
        }
        if (_axes == 0)
        {
            _extents[0] = _strides[0] = 1;
            _axes = 1;
        }
    }

    /// <summary>y ← x with its axes in the given order.</summary>
    public static void Copy<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> extents, ReadOnlySpan<int> order, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        if (x.IsEmpty)
        {
            return;
        }
        Permutation plan = new(extents, order);
        fixed (T* px = x, py = y)
        {
            int across = plan.Across();
            if (across == 0)
            {
                int rows = x.Length / plan._extents[0];
                CopyRows<T> rowTasks = new(&plan, px, py, rows, Kernel.RowsPerChunk(rows, plan._extents[0]));
                Workers.Run(ref rowTasks, rowTasks.Tasks);
            }
            else
            {
                TransposeTiles<T> tileTasks = new(&plan, px, py, across);
                int strips = x.Length / (plan._extents[0] * plan._extents[across]) * tileTasks.Strips;
                if (x.Length < Kernel.ParallelThreshold)
                {
                    for (int strip = 0; strip < strips; strip++)
                    {
                        tileTasks.Run(strip);
                    }
                }
                else
                {
                    Workers.Run(ref tileTasks, strips);
                }
            }
        }
    }

    /// <summary>The axis of the result that is innermost in x.</summary>
    private readonly int Across()
    {
        int axis = 0;
        while (_strides[axis] != 1)
        {
            axis++;
        }
        return axis;
    }

    /// <summary>
    /// Where row number <paramref name="row"/> begins in x and y; rows are counted over all axes except the innermost and
    /// <paramref name="across"/>.
    /// </summary>
    private readonly void Offsets(int row, int across, out nint x, out nint y)
    {
        x = y = 0;
        nint strideY = _extents[0];
        for (int axis = 1; axis < _axes; axis++)
        {
            if (axis != across)
            {
                (row, int index) = Math.DivRem(row, _extents[axis]);
                x += (nint)index * _strides[axis];
                y += index * strideY;
            }
            strideY *= _extents[axis];
        }
    }

    private readonly nint StrideY(int axis)
    {
        nint stride = 1;
        for (int i = 0; i < axis; i++)
        {
            stride *= _extents[i];
        }
        return stride;
    }

    [InlineArray(MaxAxes)]
    private struct Axes
    {
        private int _first;
    }

    /// <summary>Copies rows that are contiguous in both arrays.</summary>
    private readonly struct CopyRows<T>(Permutation* plan, T* x, T* y, int rows, int rowsPerTask) : IParallelWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public int Tasks => (rows + rowsPerTask - 1) / rowsPerTask;

        public void Run(int task)
        {
            int length = plan->_extents[0], end = Math.Min(rows, (task + 1) * rowsPerTask);
            for (int row = task * rowsPerTask; row < end; row++)
            {
                plan->Offsets(row, across: 0, out nint from, out nint to);
                new ReadOnlySpan<T>(x + from, length).CopyTo(new Span<T>(y + to, length));
            }
        }
    }

    /// <summary>Transposes between the innermost axis of y and that of x, one strip of tiles per task.</summary>
    private readonly struct TransposeTiles<T>(Permutation* plan, T* x, T* y, int across) : IParallelWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly nint _strideY = plan->StrideY(across);

        public int Strips => (plan->_extents[across] + Tile - 1) / Tile;

        public void Run(int task)
        {
            (int row, int strip) = Math.DivRem(task, Strips);
            plan->Offsets(row, across, out nint from, out nint to);
            int first = strip * Tile, last = Math.Min(plan->_extents[across], first + Tile), length = plan->_extents[0];
            nint strideX = plan->_strides[0];
            for (int start = 0; start < length; start += Tile)
            {
                int end = Math.Min(length, start + Tile);
                for (int i = first; i < last; i++)
                {
                    T* source = x + from + i + start * strideX, target = y + to + i * _strideY;
                    for (int j = start; j < end; j++, source += strideX)
                    {
                        target[j] = *source;
                    }
                }
            }
        }
    }
}
