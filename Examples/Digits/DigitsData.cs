using Engine;
using Examples.Data;

namespace Examples.Digits;

/// <summary>Images of handwritten digits with their classes.</summary>
internal static class DigitsData
{
    /// <summary>The number of pixels in an image.</summary>
    public const int Pixels = 64;

    /// <summary>The number of classes: the digits 0 to 9.</summary>
    public const int Classes = 10;

    /// <summary>The value of a pixel that is all ink.</summary>
    private const int Ink = 16;

    /// <summary>Reads the images embedded in this program: inputs of [n, 64], each pixel from 0 to 1.</summary>
    public static Dataset<float> Load()
    {
        Dataset<float> digits = EmbeddedData.Read<float>("digits.csv.gz", new CsvOptions
        {
            HasHeader = false,
            Labels = ^1,
            ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        });
        return digits.WithInputs(digits.Inputs / Ink);
    }
}
