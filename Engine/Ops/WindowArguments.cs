using System.Globalization;
using Engine.Kernels;

namespace Engine;

/// <summary>The arguments that convolutions and pooling share: a window, and how it slides.</summary>
internal static class WindowArguments
{
    /// <summary>The window of these numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static SlidingWindow Window(string operation, Size2d kernel, Size2d stride, Size2d padding, Size2d dilation)
    {
        Check(operation, "kernel size", nameof(kernel), kernel, 1);
        Check(operation, "stride", nameof(stride), stride, 1);
        Check(operation, "padding", nameof(padding), padding, 0);
        Check(operation, "dilation", nameof(dilation), dilation, 1);
        return new(
            new(kernel.Height, stride.Height, padding.Height, dilation.Height),
            new(kernel.Width, stride.Width, padding.Width, dilation.Width));
    }

    /// <summary>The window of pooling, whose padding is at most half of it, so that it always sees the input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static SlidingWindow PoolingWindow(string operation, Size2d kernel, Size2d stride, Size2d padding)
    {
        SlidingWindow window = Window(operation, kernel, stride, padding, 1);
        return padding.Height <= kernel.Height / 2 && padding.Width <= kernel.Width / 2
            ? window
            : throw new ArgumentOutOfRangeException(
                nameof(padding), $"{operation}: got the padding {padding} for the kernel size {kernel}, expected at most half of it.");
    }

    /// <summary>Checks that the window fits into the padded input.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void CheckFit(string operation, in SlidingWindow window, in Shape input, int height, int width)
    {
        CheckFit(operation, window.Vertical, input, height);
        CheckFit(operation, window.Horizontal, input, width);
    }

    private static void CheckFit(string operation, in WindowAxis axis, in Shape input, int extent)
    {
        long padded = extent + 2L * axis.Padding;
        if (axis.Extent > padded || padded > int.MaxValue)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: got the shape {input} with an extent of {padded} after padding for a window of {axis.Extent} after ")
                    + $"dilation, expected one from the window's to {int.MaxValue}.",
                nameof(input));
        }
    }

    private static void Check(string operation, string what, string name, Size2d size, int least)
    {
        if (size.Height < least || size.Width < least)
        {
            throw new ArgumentOutOfRangeException(
                name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: got the {what} {(size.Height < least ? size.Height : size.Width)}, expected at least {least}."));
        }
    }
}
