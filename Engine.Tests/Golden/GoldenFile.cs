using System.Collections.Concurrent;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Engine.Tests;

/// <summary>Reads the numbers that other programs computed (see README.md beside this file).</summary>
internal static class Golden
{
    private static readonly ConcurrentDictionary<string, JsonElement> s_files = new();

    /// <summary>The root of Golden/<paramref name="file"/>, read once.</summary>
    public static JsonElement Load(string file) => s_files.GetOrAdd(file, static name =>
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", name);
        using JsonDocument document = JsonDocument.Parse(QuoteNames(File.ReadAllText(path)));
        return document.RootElement.Clone();
    });

    /// <summary>
    /// The entries of <c>cases</c> in Golden/<paramref name="file"/>; a file without any fails, so that no table of tests is empty by
    /// mistake.
    /// </summary>
    public static IReadOnlyList<JsonElement> Cases(string file)
    {
        JsonElement[] cases = [.. Load(file).GetProperty("cases").EnumerateArray()];
        return cases.Length > 0 ? cases : throw new InvalidDataException($"{file} holds no cases.");
    }

    extension(JsonElement element)
    {
        /// <summary>Whether this is an array with its shape.</summary>
        public bool IsTensor =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty("shape", out _) && element.TryGetProperty("data", out _);

        /// <summary>The array with its shape, rounded to <typeparamref name="T"/>.</summary>
        public Tensor<T> ToTensor<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            double[] data = element.GetProperty("data").ToDoubles();
            return Tensor<T>.From(Array.ConvertAll(data, T.CreateTruncating), new Shape(element.GetProperty("shape").ToInts()));
        }

        /// <summary>A number, which may be one of the names NaN, Infinity, -Infinity.</summary>
        public double ToDouble() => element.ValueKind != JsonValueKind.String ? element.GetDouble() : element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            string other => throw new InvalidDataException($"Got the text '{other}', expected a number."),
            null => throw new InvalidDataException("Got null, expected a number."),
        };

        /// <summary>A flat list of numbers.</summary>
        public double[] ToDoubles() => [.. element.EnumerateArray().Select(static item => item.ToDouble())];

        /// <summary>A flat list of whole numbers.</summary>
        public int[] ToInts() => [.. element.EnumerateArray().Select(static item => item.GetInt32())];
    }

    /// <summary>
    /// Python writes NaN and infinities as bare words, which JSON does not know: puts quotes around those that stand outside of texts.
    /// </summary>
    private static string QuoteNames(string json)
    {
        StringBuilder quoted = new(json.Length);
        bool inText = false;
        for (int i = 0; i < json.Length; i++)
        {
            string? name = inText ? null : NameAt(json, i);
            if (name is not null)
            {
                quoted.Append('"').Append(name).Append('"');
                i += name.Length - 1;
                continue;
            }
            quoted.Append(json[i]);
            if (inText && json[i] == '\\')
            {
                quoted.Append(json[++i]);
            }
            else if (json[i] == '"')
            {
                inText = !inText;
            }
        }
        return quoted.ToString();
    }

    private static string? NameAt(string json, int index)
    {
        foreach (string name in (ReadOnlySpan<string>)["NaN", "Infinity", "-Infinity"])
        {
            if (string.CompareOrdinal(json, index, name, 0, name.Length) == 0)
            {
                return name;
            }
        }
        return null;
    }
}
