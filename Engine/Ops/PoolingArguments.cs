using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>What the pooling operations share.</summary>
internal static class PoolingArguments
{
    /// <summary>x, which must be images.</summary>
    /// <exception cref="ArgumentException">It does not have four axes.</exception>
    public static Tensor<T> Images<T>(string operation, in Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> => x.Shape.Rank == 4
        ? x
        : throw new ArgumentException($"{operation}: got the shape {x.Shape}, expected [batch, channels, height, width].", nameof(x));

    /// <summary>x, which must be sequences, as images of height 1.</summary>
    /// <exception cref="ArgumentException">It does not have three axes.</exception>
    public static Tensor<T> Sequences<T>(string operation, in Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        x.Shape.Rank == 3
        ? x.Reshape(x.Shape[0], x.Shape[1], 1, x.Shape[2])
        : throw new ArgumentException($"{operation}: got the shape {x.Shape}, expected [batch, channels, length].", nameof(x));

    /// <summary>Images of height 1 as sequences.</summary>
    public static Tensor<T> WithoutHeight<T>(in Tensor<T> y) where T : unmanaged, IFloatingPointIeee754<T> =>
        y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);

    /// <summary>[batch, channels, ..] as [batch, channels, elements].</summary>
    /// <exception cref="ArgumentException">There are fewer than three axes.</exception>
    public static Tensor<T> Channels<T>(string operation, in Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        x.Shape.Rank >= 3
        ? x.Reshape(x.Shape[0], x.Shape[1], x.Shape.ElementCount(2, x.Shape.Rank))
        : throw new ArgumentException(
            $"{operation}: got the shape {x.Shape}, expected [batch, channels, ..] with at least one further axis.", nameof(x));

    /// <summary>One element for each channel of an input, as [batch, channels], or with an extent of 1 for each further axis.</summary>
    public static Tensor<T> Reduced<T>(in Tensor<T> y, in Shape input, bool keep) where T : unmanaged, IFloatingPointIeee754<T> =>
        y.Reshape(input.Without(~0b11, keep));

    /// <summary>The window, which fits into the input of shape <paramref name="x"/>.</summary>
    public static SlidingWindow Window(string operation, in Shape x, in Shape given, Size2d kernel, Size2d stride, Size2d padding)
    {
        SlidingWindow window = WindowArguments.PoolingWindow(operation, kernel, stride, padding);
        if (x[2] == 0 || x[3] == 0)
        {
            throw new ArgumentException(
                $"{operation}: got the shape {given}, expected at least one element in each channel.", nameof(x));
        }
        WindowArguments.CheckFit(operation, window, given, x[2], x[3]);
        return window;
    }

    /// <summary>The shape of the output.</summary>
    public static Shape OutputShape(in Shape x, in SlidingWindow window) =>
        [x[0], x[1], window.Vertical.Outputs(x[2]), window.Horizontal.Outputs(x[3])];
}
