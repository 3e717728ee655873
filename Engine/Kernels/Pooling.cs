using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The largest element, or the mean, of what a window sees in the planes of images.</summary>
/// <remarks>
/// Elements in a window are visited row by row. The gradient of an input element is the sum over the windows that see it, in the order of
/// the output.
/// </remarks>
internal static unsafe class Pooling
{
    /// <summary>y ← the largest element in each window; NaN if one is NaN.</summary>
    /// <param name="window">The window, at least one of whose taps sees the input at every position.</param>
    /// <param name="x">[planes, height, width].</param>
    /// <param name="y">[planes, output height, output width].</param>
    /// <param name="planes">The number of planes.</param>
    /// <param name="height">The rows of a plane.</param>
    /// <param name="width">The columns of a plane.</param>
    public static void Max<T>(in SlidingWindow window, ReadOnlySpan<T> x, Span<T> y, int planes, int height, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* px = x, py = y)
        {
            Run<MaxPlane<T>, T>(new(px, py), new(window, height, width), planes);
        }
    }

    /// <summary>dx ← for each window, g at its first largest element.</summary>
    public static void MaxBackward<T>(
        in SlidingWindow window, ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> dx, int planes, int height, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* px = x, pg = g, pd = dx)
        {
            Run<MaxGradientPlane<T>, T>(new(px, pg, pd), new(window, height, width), planes);
        }
    }

    /// <summary>
    /// y ← the sum of the elements in each window divided by the number of its taps, or of those that see the input.
    /// </summary>
    public static void Average<T>(
        in SlidingWindow window, ReadOnlySpan<T> x, Span<T> y, int planes, int height, int width, bool includesPadding)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* px = x, py = y)
        {
            Run<AveragePlane<T>, T>(new(px, py, includesPadding), new(window, height, width), planes);
        }
    }

    /// <summary>dx ← Σ g divided by the number of elements, over the windows that see the element.</summary>
    public static void AverageBackward<T>(
        in SlidingWindow window, ReadOnlySpan<T> g, Span<T> dx, int planes, int height, int width, bool includesPadding)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pg = g, pd = dx)
        {
            Run<AverageGradientPlane<T>, T>(new(pg, pd, includesPadding), new(window, height, width), planes);
        }
    }

    private static void Run<TPlane, T>(TPlane plane, in Planes geometry, int planes)
        where TPlane : unmanaged, IPlane where T : unmanaged, IFloatingPointIeee754<T>
    {
        int work = Math.Max(geometry.Inputs, geometry.Outputs * Math.Min(geometry.Window.Taps, 64));
        Kernel.Run<PlanesKernel<TPlane, T>, T>(new(plane, geometry), planes, Kernel.RowsPerChunk(planes, Math.Max(1, work)));
    }

    /// <summary>What is computed for a plane, window by window.</summary>
    private interface IPlane
    {
        /// <summary>Prepares plane number <paramref name="plane"/>.</summary>
        void Begin(in Planes planes, int plane);

        /// <summary>Computes for one window: rows top..bottom and columns left..right of a plane, of which there is at least one.</summary>
        void Visit(in Planes planes, int plane, int output, int top, int bottom, int left, int right);
    }

    /// <summary>The extents of the planes, and the window that slides over them.</summary>
    private readonly struct Planes(SlidingWindow window, int height, int width)
    {
        public SlidingWindow Window { get; } = window;

        public int Height { get; } = height;

        public int Width { get; } = width;

        public int OutputHeight { get; } = window.Vertical.Outputs(height);

        public int OutputWidth { get; } = window.Horizontal.Outputs(width);

        public int Inputs => Height * Width;

        public int Outputs => OutputHeight * OutputWidth;
    }

    private readonly struct PlanesKernel<TPlane, T>(TPlane work, Planes planes) : IKernel<T>
        where TPlane : unmanaged, IPlane where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            (WindowAxis vertical, WindowAxis horizontal) = planes.Window;
            for (int plane = from; plane < to; plane++)
            {
                work.Begin(planes, plane);
                for (int y = 0, output = 0; y < planes.OutputHeight; y++)
                {
                    int top = vertical.Input(y, 0), bottom = Math.Min(top + vertical.Taps, planes.Height);
                    for (int x = 0; x < planes.OutputWidth; x++, output++)
                    {
                        int left = horizontal.Input(x, 0), right = Math.Min(left + horizontal.Taps, planes.Width);
                        work.Visit(planes, plane, output, Math.Max(0, top), bottom, Math.Max(0, left), right);
                    }
                }
            }
        }
    }

    /// <summary>Where the first largest element of a window is in its plane; NaN counts as the largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint FirstLargest<T>(T* plane, int width, int top, int bottom, int left, int right)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint largest = (nint)top * width + left;
        T max = plane[largest];
        for (int row = top; row < bottom; row++)
        {
            nint start = (nint)row * width;
            for (nint i = start + left; i < start + right; i++)
            {
                T value = plane[i];
                if (value > max || (T.IsNaN(value) && !T.IsNaN(max)))
                {
                    (max, largest) = (value, i);
                }
            }
        }
        return largest;
    }

    private readonly struct MaxPlane<T>(T* x, T* y) : IPlane where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Begin(in Planes planes, int plane)
        {
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit(in Planes planes, int plane, int output, int top, int bottom, int left, int right)
        {
            T* values = x + (nint)plane * planes.Inputs;
            y[(nint)plane * planes.Outputs + output] = values[FirstLargest(values, planes.Width, top, bottom, left, right)];
        }
    }

    private readonly struct MaxGradientPlane<T>(T* x, T* g, T* dx) : IPlane where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Begin(in Planes planes, int plane) => new Span<T>(dx + (nint)plane * planes.Inputs, planes.Inputs).Clear();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit(in Planes planes, int plane, int output, int top, int bottom, int left, int right)
        {
            nint start = (nint)plane * planes.Inputs;
            dx[start + FirstLargest(x + start, planes.Width, top, bottom, left, right)] += g[(nint)plane * planes.Outputs + output];
        }
    }

    private readonly struct AveragePlane<T>(T* x, T* y, bool includesPadding) : IPlane where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Begin(in Planes planes, int plane)
        {
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit(in Planes planes, int plane, int output, int top, int bottom, int left, int right)
        {
            T* values = x + (nint)plane * planes.Inputs;
            T sum = T.Zero;
            for (int row = top; row < bottom; row++)
            {
                T* start = values + (nint)row * planes.Width;
                for (int column = left; column < right; column++)
                {
                    sum += start[column];
                }
            }
            int count = includesPadding ? planes.Window.Taps : (bottom - top) * (right - left);
            y[(nint)plane * planes.Outputs + output] = sum / T.CreateTruncating(count);
        }
    }

    private readonly struct AverageGradientPlane<T>(T* g, T* dx, bool includesPadding) : IPlane
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Begin(in Planes planes, int plane) => new Span<T>(dx + (nint)plane * planes.Inputs, planes.Inputs).Clear();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit(in Planes planes, int plane, int output, int top, int bottom, int left, int right)
        {
            int count = includesPadding ? planes.Window.Taps : (bottom - top) * (right - left);
            T share = g[(nint)plane * planes.Outputs + output] / T.CreateTruncating(count);
            T* gradient = dx + (nint)plane * planes.Inputs;
            for (int row = top; row < bottom; row++)
            {
                T* start = gradient + (nint)row * planes.Width;
                for (int column = left; column < right; column++)
                {
                    start[column] += share;
                }
            }
        }
    }
}
