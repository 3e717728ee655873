using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>A picture to be logged: rows of pixels from top to bottom, with interleaved channels of 8 bits.</summary>
public sealed class LogImage
{
    private const int MaxBytes = 1 << 28;

    private readonly byte[] _pixels;

    /// <summary>Creates a picture from a copy of its pixels.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="channels">1 for gray, 2 for gray and alpha, 3 for red, green and blue, 4 for these and alpha.</param>
    /// <param name="pixels">height · width · channels bytes, at most 2²⁸.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such picture.</exception>
    /// <exception cref="ArgumentException">There are more or fewer pixels.</exception>
    public LogImage(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        CheckSize(width, height, channels);
        if (pixels.Length != width * height * channels)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"LogImage: got {pixels.Length} bytes, expected {width * height * channels} for {width}×{height}×{channels}."),
                nameof(pixels));
        }
        (Width, Height, Channels, _pixels) = (width, height, channels, pixels.ToArray());
    }

    private LogImage(int width, int height, int channels, byte[] pixels) =>
        (Width, Height, Channels, _pixels) = (width, height, channels, pixels);

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The number of channels, 1 to 4.</summary>
    public int Channels { get; }

    /// <summary>The pixels.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>A picture of numbers from 0 (dark) to 1 (bright); what is outside is cut off, and NaN is dark.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="tensor">[height, width] for gray, or [channels, height, width].</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static LogImage From<T>(in Tensor<T> tensor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (tensor.IsDefault || tensor.Shape.Rank is not (2 or 3) || (tensor.Shape.Rank == 3 && tensor.Shape[0] is < 1 or > 4)
            || tensor.Shape.Length is 0 or > MaxBytes)
        {
            string got = tensor.IsDefault ? "the default tensor" : tensor.Shape.ToString();
            throw new ArgumentException(
                $"LogImage.From: got {got}, expected [height, width] or [channels, height, width] with 1 to 4 channels.", nameof(tensor));
        }
        int channels = tensor.Shape.Rank == 2 ? 1 : tensor.Shape[0], height = tensor.Shape[-2], width = tensor.Shape[-1];
        byte[] pixels = new byte[width * height * channels];
        ReadOnlySpan<T> values = tensor.Span;
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / (width * height), place = i % (width * height);
            double value = double.CreateTruncating(values[i]);
            pixels[place * channels + channel] = value > 0 ? (byte)(Math.Min(value, 1) * 255 + 0.5) : (byte)0;
        }
        return new LogImage(width, height, channels, pixels);
    }

    private static void CheckSize(int width, int height, int channels)
    {
        if (width < 1 || height < 1 || (long)width * height * channels > MaxBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(width), string.Create(
                CultureInfo.InvariantCulture, $"LogImage: got {width}×{height}, expected at least 1×1 and at most {MaxBytes} bytes."));
        }
        if (channels is < 1 or > 4)
        {
            throw new ArgumentOutOfRangeException(
                nameof(channels), string.Create(CultureInfo.InvariantCulture, $"LogImage: got {channels} channels, expected 1 to 4."));
        }
    }
}
