using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Engine.Tests.Persistence;

/// <summary>
/// A second reader of safetensors, written for nothing but to be plainly right: the platform's JSON, numbers without bounds, the rules in
/// the order of the format's description.
/// </summary>
internal static class SafetensorsOracle
{
    private static readonly Dictionary<string, int> s_bits = new()
    {
        ["BOOL"] = 8, ["F4"] = 4, ["F6_E2M3"] = 6, ["F6_E3M2"] = 6, ["U8"] = 8, ["I8"] = 8, ["F8_E5M2"] = 8, ["F8_E4M3"] = 8, ["F8_E8M0"] =
            8,
        ["F8_E4M3FNUZ"] = 8, ["F8_E5M2FNUZ"] = 8, ["I16"] = 16, ["U16"] = 16, ["F16"] = 16, ["BF16"] = 16, ["I32"] = 32, ["U32"] = 32,
        ["F32"] = 32, ["C64"] = 64, ["F64"] = 64, ["I64"] = 64, ["U64"] = 64,
    };

    /// <summary>The tensors and the metadata; null if the file is malformed.</summary>
    public static (Dictionary<string, (string Type, ulong[] Shape, byte[] Bytes)> Tensors, Dictionary<string, string> Metadata)? Read(
        byte[] file)
    {
        if (file.Length < 8)
        {
            return null;
        }
        BigInteger header = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (header > 100_000_000 || 8 + header > file.Length || header == 0 || file[8] != '{')
        {
            return null;
        }
        int dataStart = 8 + (int)header;
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file, 8, (int)header);
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(json.RootElement, file, dataStart);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static (Dictionary<string, (string, ulong[], byte[])>, Dictionary<string, string>)? Read(
        JsonElement root, byte[] file, int dataStart)
    {
        Dictionary<string, string> metadata = [];
        List<(string Name, string Type, ulong[] Shape, ulong Begin, ulong End)> tensors = [];
        foreach (JsonProperty member in root.EnumerateObject())
        {
            JsonElement[] fields = member.Value.ValueKind == JsonValueKind.Object ? [
                .. member.Value.EnumerateObject().Select(static f => f.Value)] : [];
            if (member.Name == "__metadata__")
            {
                if (member.Value.ValueKind != JsonValueKind.Object || fields.Any(static f => f.ValueKind != JsonValueKind.String))
                {
                    return null;
                }
                metadata = member.Value.EnumerateObject().ToDictionary(static f => f.Name, static f => f.Value.GetString()!);
                continue;
            }
            if (fields.Length != 3
                || !member.Value.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String
                || !member.Value.TryGetProperty("shape", out JsonElement shape) || Numbers(shape) is not { } extents
                || !member.Value.TryGetProperty("data_offsets", out JsonElement offsets) || Numbers(offsets) is not [var begin, var end])
            {
                return null;
            }
            tensors.Add((member.Name, type.GetString()!, extents, begin, end));
        }
        Dictionary<string, (string, ulong[], byte[])> result = [];
        BigInteger place = 0;
        foreach (
            (string name, string type, ulong[] shape, ulong begin, ulong end) in tensors.OrderBy(static t => t.Begin).ThenBy(static t =>
            t.End))
        {
            if (!s_bits.TryGetValue(type, out int bits))
            {
                return null;
            }
            BigInteger all = shape.Aggregate((BigInteger)bits, static (product, extent) => product * Math.Max(extent, 1));
            BigInteger used = shape.Contains(0UL) ? 0 : all;
            if (all > ulong.MaxValue || begin != place || end < begin || used % 8 != 0 || used / 8 != end - begin || end > (ulong)(
                file.Length - dataStart))
            {
                return null;
            }
            place = end;
            result.Add(name, (type, shape, file[(dataStart + (int)begin)..(dataStart + (int)end)]));
        }
        return place + dataStart == file.Length ? (result, metadata) : null;
    }

    private static ulong[]? Numbers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        List<ulong> numbers = [];
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.GetRawText().All(char.IsAsciiDigit) || !element.TryGetUInt64(
                out ulong number))
            {
                return null;
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }
}
