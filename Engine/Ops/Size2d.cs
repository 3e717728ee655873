using System.Globalization;

namespace Engine;

/// <summary>
/// A number for each axis of an image: the size, stride, padding or dilation of a window. One number stands for both:
/// <c>x.Conv2d(weight, padding: 1)</c>, <c>x.Conv2d(weight, padding: (1, 2))</c>.
/// </summary>
/// <param name="Height">The number for rows.</param>
/// <param name="Width">The number for columns.</param>
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>The same number for rows and columns.</summary>
    public static implicit operator Size2d(int both) => new(both, both);

    /// <summary>One number for rows, one for columns.</summary>
    public static implicit operator Size2d((int Height, int Width) pair) => new(pair.Height, pair.Width);

    /// <summary>For example <c>3×2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}");
}
