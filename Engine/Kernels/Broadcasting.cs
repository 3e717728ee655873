using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Two row-major operands broadcast to one shape by NumPy's rule, as a loop over rows in which each operand is either a vector or one
/// repeated number. Neighboring axes that both operands traverse alike are merged into one.
/// </summary>
internal ref struct Broadcasting
{
    private const int MaxAxes = 8;

    private Axes _extents, _stridesA, _stridesB;
    private int _axes;

    /// <summary>Plans the loop; the shapes are known to broadcast to <paramref name="shape"/>.</summary>
    public Broadcasting(ReadOnlySpan<int> a, ReadOnlySpan<int> b, ReadOnlySpan<int> shape)
    {
        int strideA = 1, strideB = 1;
        for (int axis = 1; axis <= shape.Length; axis++)
        {
            int extent = shape[^axis];
            int ea = axis <= a.Length ? a[^axis] : 1, eb = axis <= b.Length ? b[^axis] : 1;
            if (extent != 1)
            {
                Push(extent, ea == 1 ? 0 : strideA, eb == 1 ? 0 : strideB);
            }
            strideA *= ea;
            strideB *= eb;
        }
        if (_axes == 0)
        {
            Push(1, 1, 1);
        }
    }

    /// <summary>The elements of the innermost axis.</summary>
    public readonly int Inner => _extents[0];

    /// <summary>Whether operand A runs along the innermost axis.</summary>
    public readonly bool RunsA => _stridesA[0] != 0;

    /// <summary>Whether operand B runs along the innermost axis.</summary>
    public readonly bool RunsB => _stridesB[0] != 0;

    /// <summary>The number of rows: the product of all other axes.</summary>
    public readonly int Rows
    {
        get
        {
            int rows = 1;
            for (int axis = 1; axis < _axes; axis++)
            {
                rows *= _extents[axis];
            }
            return rows;
        }
    }

    /// <summary>Where row number <paramref name="row"/> begins in either operand.</summary>
    public readonly void Offsets(int row, out int a, out int b)
    {
        a = b = 0;
        for (int axis = 1; axis < _axes; axis++)
        {
            (row, int index) = Math.DivRem(row, _extents[axis]);
            a += index * _stridesA[axis];
            b += index * _stridesB[axis];
        }
    }

    /// <summary>y ← a ∘ b with broadcasting, by a kernel without parameters.</summary>
    public static void Zip<TKernel, T>(
        ReadOnlySpan<T> a, ReadOnlySpan<int> shapeA, ReadOnlySpan<T> b, ReadOnlySpan<int> shapeB, Span<T> y, ReadOnlySpan<int> shape)
        where TKernel : unmanaged, IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Zip(default(TKernel), a, shapeA, b, shapeB, y, shape);

    /// <summary>y ← a ∘ b with broadcasting.</summary>
    public static unsafe void Zip<TKernel, T>(
        TKernel kernel, ReadOnlySpan<T> a, ReadOnlySpan<int> shapeA, ReadOnlySpan<T> b, ReadOnlySpan<int> shapeB, Span<T> y,
        ReadOnlySpan<int> shape)
        where TKernel : unmanaged, IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (y.Length == 0)
        {
            return;
        }
        Broadcasting plan = new(shapeA, shapeB, shape);
        fixed (T* pa = a, pb = b, py = y)
        {
            Rowwise<TKernel, T> work = new(kernel, pa, pb, py, &plan);
            int parts = work.Parts;
            if (y.Length < Kernel.ParallelThreshold)
            {
                for (int part = 0; part < parts; part++)
                {
                    work.Run(part);
                }
            }
            else
            {
                Workers.Run(ref work, parts);
            }
        }
    }

    /// <summary>How many elements of scratch <see cref="SumTo"/> needs: none unless axes that are not neighbors were broadcast.</summary>
    public static int Scratch(ReadOnlySpan<int> shape, ReadOnlySpan<int> target)
    {
        Broadcasting plan = new(target, shape, shape);
        int length = plan.Rows * plan.Inner, scratch = 0;
        for (int axis = 0; axis < plan._axes && length > 0; axis++)
        {
            if (plan._stridesA[axis] == 0 && plan.BroadcastsBeyond(axis))
            {
                length /= plan._extents[axis];
                scratch += length;
            }
        }
        return scratch;
    }

    /// <summary>
    /// Sums g of <paramref name="shape"/> to dx of the smaller shape <paramref name="target"/>: the transpose of broadcasting.
    /// </summary>
    public static void SumTo<T>(ReadOnlySpan<T> g, ReadOnlySpan<int> shape, Span<T> dx, ReadOnlySpan<int> target, Span<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (g.Length == dx.Length)
        {
            g.CopyTo(dx);
            return;
        }
        if (g.IsEmpty)
        {
            dx.Clear();
            return;
        }
        Broadcasting plan = new(target, shape, shape);
        int inner = 1, used = 0;
        ReadOnlySpan<T> source = g;
        for (int axis = 0; axis < plan._axes; axis++)
        {
            int extent = plan._extents[axis];
            if (plan._stridesA[axis] != 0)
            {
                inner *= extent;
                continue;
            }
            int outer = source.Length / (extent * inner), length = outer * inner;
            Span<T> sum = plan.BroadcastsBeyond(axis) ? scratch.Slice(used, length) : dx;
            Reduction.SumAxis(source, sum, outer, extent, inner);
            used += length;
            source = sum;
        }
    }

    private readonly bool BroadcastsBeyond(int axis)
    {
        for (int i = axis + 1; i < _axes; i++)
        {
            if (_stridesA[i] == 0)
            {
                return true;
            }
        }
        return false;
    }

    private void Push(int extent, int strideA, int strideB)
    {
        int last = _axes - 1;
        if (last >= 0 && strideA == _stridesA[last] * _extents[last] && strideB == _stridesB[last] * _extents[last])
        {
            _extents[last] *= extent;
            return;
        }
        _extents[_axes] = extent;
        _stridesA[_axes] = strideA;
        _stridesB[_axes] = strideB;
        _axes++;
    }

    [InlineArray(MaxAxes)]
    private struct Axes
    {
        private int _first;
    }

    /// <summary>Parts of about <see cref="Kernel.ChunkSize"/> elements: many short rows, or a piece of a long one.</summary>
    private readonly unsafe struct Rowwise<TKernel, T> : IParallelWork
        where TKernel : unmanaged, IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly TKernel _kernel;
        private readonly T* _a, _b, _y;
        private readonly Broadcasting* _plan;
        private readonly int _rows, _rowsPerPart, _piecesPerRow;

        public Rowwise(TKernel kernel, T* a, T* b, T* y, Broadcasting* plan)
        {
            _kernel = kernel;
            _a = a;
            _b = b;
            _y = y;
            _plan = plan;
            _rows = plan->Rows;
            _rowsPerPart = Math.Max(1, Kernel.ChunkSize / plan->Inner);
            _piecesPerRow = (plan->Inner + Kernel.ChunkSize - 1) / Kernel.ChunkSize;
        }

        public int Parts => (_rows + _rowsPerPart - 1) / _rowsPerPart * _piecesPerRow;

        public void Run(int part)
        {
            (int group, int piece) = Math.DivRem(part, _piecesPerRow);
            int inner = _plan->Inner, from = piece * Kernel.ChunkSize, count = Math.Min(Kernel.ChunkSize, inner - from);
            int end = Math.Min(_rows, (group + 1) * _rowsPerPart);
            for (int row = group * _rowsPerPart; row < end; row++)
            {
                _plan->Offsets(row, out int a, out int b);
                Span<T> y = new(_y + (nint)row * inner + from, count);
                if (_plan->RunsA && _plan->RunsB)
                {
                    _kernel.Run(new ReadOnlySpan<T>(_a + a + from, count), new ReadOnlySpan<T>(_b + b + from, count), y);
                }
                else if (_plan->RunsA)
                {
                    _kernel.Run(new ReadOnlySpan<T>(_a + a + from, count), _b[b], y);
                }
                else if (_plan->RunsB)
                {
                    _kernel.Run(_a[a], new ReadOnlySpan<T>(_b + b + from, count), y);
                }
                else
                {
                    _kernel.Run(new ReadOnlySpan<T>(_a + a, 1), new ReadOnlySpan<T>(_b + b, 1), y[..1]);
                    y.Fill(y[0]);
                }
            }
        }
    }
}
