using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>A sliding window as slices, one for each of its taps: what convolutions and pooling are defined by.</summary>
internal static class WindowTaps
{
    /// <summary>The input with its padding.</summary>
    public static Tensor<T> Pad<T>(in Tensor<T> x, in SlidingWindow window, double value) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int vertical = window.Vertical.Padding, horizontal = window.Horizontal.Padding;
        return vertical + horizontal == 0 ? x : x.Pad([(vertical, vertical), (horizontal, horizontal)], value);
    }

    /// <summary>What a tap sees at each output position: [batch, channels, output height, output width].</summary>
    public static Tensor<T> See<T>(in Tensor<T> padded, in SlidingWindow window, in Shape output, int row, int column)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        padded.Slice(.., .., Range(window.Vertical, output[2], row), Range(window.Horizontal, output[3], column));

    /// <summary>The sum over all taps.</summary>
    public static Tensor<T> Sum<T>(in Tensor<T> x, in SlidingWindow window, in Shape output) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> padded = Pad(x, window, 0), sum = default;
        for (int row = 0; row < window.Vertical.Taps; row++)
        {
            for (int column = 0; column < window.Horizontal.Taps; column++)
            {
                Tensor<T> seen = See(padded, window, output, row, column);
                sum = sum.IsDefault ? seen : sum + seen;
            }
        }
        return sum;
    }

    private static AxisRange Range(in WindowAxis axis, int outputs, int tap)
    {
        int first = tap * axis.Dilation;
        return (first..(first + (outputs - 1) * axis.Stride + 1), axis.Stride);
    }
}
