using System.IO.Compression;
using CsvHelper;
using Engine;
using static System.FormattableString;

namespace Examples.Digits;

/// <summary>Images of handwritten digits with their classes.</summary>
internal sealed class DigitsData
{
    /// <summary>The number of pixels in an image.</summary>
    public const int Pixels = 64;

    /// <summary>The number of classes: the digits 0 to 9.</summary>
    public const int Classes = 10;

    private const int Ink = 16, Fifth = 5;

    private readonly float[] _pixels;
    private readonly int[] _classes;

    private DigitsData(float[] pixels, int[] classes)
    {
        _pixels = pixels;
        _classes = classes;
    }

    /// <summary>The number of images.</summary>
    public int Count => _classes.Length;

    /// <summary>The class of each image.</summary>
    public ReadOnlySpan<int> Labels => _classes;

    /// <summary>All images as a tensor [Count, 64], each pixel from 0 to 1.</summary>
    public Tensor<float> Images() => Tensor<float>.From(_pixels, [Count, Pixels]);

    /// <summary>Reads the images embedded in this program.</summary>
    public static DigitsData Load()
    {
        using Stream packed = typeof(DigitsData).Assembly.GetManifestResourceStream("digits.csv.gz")!;
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        return Read(new StreamReader(unpacked));
    }

    /// <summary>Reads lines of 64 pixels, 0 to 16, and a class, 0 to 9.</summary>
    /// <exception cref="InvalidDataException">A line has another form.</exception>
    public static DigitsData Read(TextReader text)
    {
        List<float> pixels = [];
        List<int> classes = [];
        CsvReaderOptions options = new() { HasHeader = false, Separator = ',', TrackLineNumbers = true };
        using CsvReader lines = CsvReader.Create(text, options);
        while (lines.Read())
        {
            if (lines.FieldCount != Pixels + 1)
            {
                throw new InvalidDataException(
                    Invariant($"Digits: line {lines.LineNumber} has {lines.FieldCount} fields, expected {Pixels} pixels and the class."));
            }
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                pixels.Add((float)Field(lines, pixel, Ink) / Ink);
            }
            classes.Add(Field(lines, Pixels, Classes - 1));
        }
        return new DigitsData([.. pixels], [.. classes]);
    }

    /// <summary>
    /// Shuffles the images and takes every fifth of each class as a test image, so that both parts have the same proportions of classes.
    /// </summary>
    public (DigitsData Train, DigitsData Test) Split(RandomKey key)
    {
        List<int> train = [], test = [];
        Span<int> seen = stackalloc int[Classes];
        foreach (int image in key.Permutation(Count))
        {
            (seen[_classes[image]]++ % Fifth == 0 ? test : train).Add(image);
        }
        return (Select([.. train]), Select([.. test]));
    }

    /// <summary>Selects images by index, in the given order.</summary>
    public DigitsData Select(ReadOnlySpan<int> images)
    {
        float[] pixels = new float[images.Length * Pixels];
        int[] classes = new int[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            _pixels.AsSpan(images[i] * Pixels, Pixels).CopyTo(pixels.AsSpan(i * Pixels));
            classes[i] = _classes[images[i]];
        }
        return new DigitsData(pixels, classes);
    }

    private static int Field(CsvReader line, int field, int largest) =>
        line.TryParse(field, out int value) && value >= 0 && value <= largest
            ? value
            : throw new InvalidDataException(Invariant($"Digits: line {line.LineNumber} has '{line.GetString(field)}' ")
                + Invariant($"in field {field + 1}, expected a whole number from 0 to {largest}."));
}
