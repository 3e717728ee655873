using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// A row of the unfolded input (im2col): what one tap of one channel sees at all output positions, 0 where it is in the padding.
/// </summary>
/// <remarks>
/// The unfolded input of an image is a matrix of [taps, positions], and its product with the weight is the convolution. It is never in
/// memory as a whole: parts of its rows are copied where they are needed (K. Chellapilla, S. Puri, P. Simard: High performance
/// convolutional neural networks for document processing, 2006).
/// </remarks>
internal unsafe struct UnfoldedRow<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly WindowAxis _vertical, _horizontal;
    private readonly int _height, _width, _outputWidth;
    private T* _plane;
    private int _vertically, _horizontally;

    /// <summary>Row number <paramref name="tap"/> for the planes of a group's channels.</summary>
    public UnfoldedRow(in ConvolutionShape shape, T* planes, int tap)
    {
        (_vertical, _horizontal) = shape.Window;
        (_height, _width, _outputWidth) = (shape.Height, shape.Width, shape.OutputWidth);
        (int channel, int rest) = Math.DivRem(tap, shape.Window.Taps);
        _plane = planes + (nint)channel * shape.PlaneLength;
        (_vertically, _horizontally) = Math.DivRem(rest, _horizontal.Taps);
    }

    /// <summary>Goes to the next row.</summary>
    public void MoveNext()
    {
        if (++_horizontally == _horizontal.Taps)
        {
            _horizontally = 0;
            if (++_vertically == _vertical.Taps)
            {
                _vertically = 0;
                _plane += (nint)_height * _width;
            }
        }
    }

    /// <summary>Copies the elements of <paramref name="count"/> positions, from position (y, x) on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly void CopyTo<L>(T* target, int y, int x, int count) where L : unmanaged, ILane<L, T>
    {
        int first = _horizontal.First(_horizontally), end = _horizontal.End(_horizontally, _width), stride = _horizontal.Stride;
        for (; count > 0; y++, x = 0)
        {
            Inside(y, x, count, first, end, out int length, out int from, out int to, out T* source);
            int before = from - x, inside = to - from, after = length - before - inside, i = 0;
            for (; before > 0; before--)
            {
                *target++ = T.Zero;
            }
            if (stride == 1)
            {
                for (; i <= inside - L.Count; i += L.Count)
                {
                    L.Store(L.Load(source + i), target + i);
                }
                if (i < inside && i > 0)
                {
                    // the last lane overlaps the one before
                    i = inside - L.Count;
                    L.Store(L.Load(source + i), target + i);
                    i = inside;
                }
            }
            for (source += (nint)i * stride; i < inside; i++, source += stride)
            {
                target[i] = *source;
            }
            for (target += inside; after > 0; after--)
            {
                *target++ = T.Zero;
            }
            count -= length;
        }
    }

    /// <summary>Adds the elements of <paramref name="count"/> positions, from position (y, x) on, to those they were copied from.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly void AddBack<L>(T* terms, int y, int x, int count) where L : unmanaged, ILane<L>, ILane<L, T>
    {
        int first = _horizontal.First(_horizontally), end = _horizontal.End(_horizontally, _width), stride = _horizontal.Stride;
        for (; count > 0; y++, x = 0)
        {
            Inside(y, x, count, first, end, out int length, out int from, out int to, out T* target);
            T* term = terms + (from - x);
            int inside = to - from, i = 0;
            if (stride == 1)
            {
                for (; i <= inside - L.Count; i += L.Count)
                {
                    L.Store(L.Load(target + i) + L.Load(term + i), target + i);
                }
            }
            for (target += (nint)i * stride; i < inside; i++, target += stride)
            {
                *target += term[i];
            }
            terms += length;
            count -= length;
        }
    }

    /// <summary>
    /// The part of row y of the output that begins at x and has at most <paramref name="count"/> positions, and which of them see the
    /// input: those from <paramref name="from"/> up to, but not including, <paramref name="to"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Inside(int y, int x, int count, int first, int end, out int length, out int from, out int to, out T* elements)
    {
        length = Math.Min(count, _outputWidth - x);
        int row = _vertical.Input(y, _vertically);
        bool isInside = (uint)row < (uint)_height;
        from = isInside ? Math.Min(Math.Max(first, x), x + length) : x + length;
        to = Math.Max(from, Math.Min(end, x + length));
        elements = isInside ? _plane + ((nint)row * _width + _horizontal.Input(from, _horizontally)) : _plane;
    }
}
