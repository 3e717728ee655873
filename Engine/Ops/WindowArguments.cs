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
        CheckHalf(operation, window.Vertical);
        CheckHalf(operation, window.Horizontal);
        return window;
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
            string expected = padded > int.MaxValue ? $"at most {int.MaxValue}"
                : axis.Dilation == 1 ? $"at least the kernel size {axis.Taps}"
                : $"at least the {axis.Extent} of {axis.Taps} taps with dilation {axis.Dilation}";
            throw new ArgumentException(
                $"{operation}: got the shape {input} with an extent of {padded} after padding, expected {expected}.", nameof(input));
        }
    }

    private static void CheckHalf(string operation, in WindowAxis axis)
    {
        if (axis.Padding > axis.Taps / 2)
        {
            throw new ArgumentOutOfRangeException(
                "padding",
                $"{operation}: got the padding {axis.Padding} for the kernel size {axis.Taps}, expected at most half of it, "
                    + $"{axis.Taps / 2}.");
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
