using System.Numerics;
using Engine;

namespace Examples.Data;

/// <summary>The small data sets that are embedded in this program; <c>Examples/Data/README.md</c> says where they are from.</summary>
internal static class EmbeddedData
{
    /// <summary>150 irises of 3 species: lengths and widths of sepals and petals, in centimeters.</summary>
    public static Dataset<float> Iris() => Read<float>("iris.csv", new CsvOptions { Labels = "species" });

    /// <summary>178 wines of 3 cultivars: 13 results of a chemical analysis.</summary>
    public static Dataset<float> Wine() => Read<float>("wine.csv", new CsvOptions { Labels = "cultivar" });

    /// <summary>569 breast tumors, malignant or benign: 30 measures of the cell nuclei in an image.</summary>
    public static Dataset<float> BreastCancer() => Read<float>("breast-cancer.csv.gz", new CsvOptions { Labels = "diagnosis" });

    /// <summary>Reads one of the files.</summary>
    public static Dataset<T> Read<T>(string file, CsvOptions options) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using Stream stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream(file)!;
        return Csv.Read<T>(stream, options, file);
    }
}
