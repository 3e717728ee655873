using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engine;

/// <summary>Gives back the state of one part of a file.</summary>
internal sealed class CheckpointReader
{
    private readonly SafetensorsFile _file;
    private readonly string _part;
    private readonly JsonObject _values;

    /// <summary>Reads the numbers and texts of a part.</summary>
    /// <exception cref="MalformedFileException">The file has no such part.</exception>
    public CheckpointReader(SafetensorsFile file, string part)
    {
        (_file, _part) = (file, part);
        if (!file.Metadata.TryGetValue(part, out string? text))
        {
            string parts = string.Join(", ", file.Metadata.Keys.Where(static key => key != CheckpointFile.ChecksumName).Order());
            throw Error($"got a checkpoint of {(parts.Length == 0 ? "nothing" : parts)}, expected the part '{part}'");
        }
        try
        {
            _values = JsonNode.Parse(text) as JsonObject ?? throw Error($"got no object for the part '{part}', expected one");
        }
        catch (JsonException cause)
        {
            throw Error($"got no JSON for the part '{part}', expected an object", cause);
        }
    }

    /// <summary>A whole number.</summary>
    public long Whole(string name) => Whole(Node(_values, name), name);

    /// <summary>A number.</summary>
    public double Number(string name) => Number(Node(_values, name), name);

    /// <summary>A text.</summary>
    public string Text(string name) => Text(Node(_values, name), name);

    /// <summary>The objects of a list.</summary>
    public IEnumerable<JsonObject> Objects(string name) => Objects(_values, name);

    /// <summary>The entries of an object.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode>> Entries(string name) => Entries(_values, name);

    /// <summary>The objects of a list inside another object.</summary>
    public IEnumerable<JsonObject> Objects(JsonObject from, string name) =>
        List(from, name).Select(node => node as JsonObject ?? throw Wrong(name, "a list of objects"));

    /// <summary>The entries of an object inside another.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode>> Entries(JsonObject from, string name) =>
        (Node(from, name) as JsonObject ?? throw Wrong(name, "an object")).Select(
            entry => KeyValuePair.Create(entry.Key, entry.Value ?? throw Wrong(name, "an object without null")));

    /// <summary>The texts of a list inside an object.</summary>
    public IEnumerable<string> Texts(JsonObject from, string name) =>
        List(from, name).Select(node => Text(node ?? throw Wrong(name, "a list without null"), name));

    /// <summary>A node inside an object.</summary>
    public JsonNode Node(JsonObject from, string name) => from[name] ?? throw Wrong(name, "a value");

    /// <summary>A node as a whole number.</summary>
    public long Whole(JsonNode node, string name) =>
        node is JsonValue value && value.TryGetValue(out long number) ? number : throw Wrong(name, "a whole number");

    /// <summary>A node as a number.</summary>
    public double Number(JsonNode node, string name) => node is JsonValue value
        && (value.TryGetValue(out double number)
            || (value.TryGetValue(out string? text) && double.TryParse(text, CultureInfo.InvariantCulture, out number)))
                ? number
                : throw Wrong(name, "a number");

    /// <summary>A node as a text.</summary>
    public string Text(JsonNode node, string name) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : throw Wrong(name, "a text");

    /// <summary>A tensor.</summary>
    public Tensor<T> Tensor<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        string full = $"{_part}/{name}";
        StoredTensor stored = _file.Find(full) ?? throw Error($"got no tensor '{full}', expected one");
        // another precision would be rounded silently, and a resumed run would not go on bit for bit
        return stored.Type == DataTypes.Of<T>()
            ? _file.Read<T>(full)
            : throw Error($"got the tensor '{full}' of {stored.Type}, expected {DataTypes.Of<T>()}");
    }

    /// <summary>The tensors under a common name.</summary>
    public Dictionary<string, Tensor<T>> Tensors<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        string prefix = $"{_part}/{name}/";
        return _file.Tensors.Where(stored => stored.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(
            stored => stored.Name[prefix.Length..], stored => Tensor<T>(stored.Name[(_part.Length + 1)..]), StringComparer.Ordinal);
    }

    /// <summary>An error of the file at its header.</summary>
    public MalformedFileException Error(string problem, Exception? cause = null) =>
        new(_file.Path, 0, FileDefect.InvalidHeader, problem, cause);

    private JsonArray List(JsonObject from, string name) => Node(from, name) as JsonArray ?? throw Wrong(name, "a list");

    private MalformedFileException Wrong(string name, string expected) =>
        Error($"got something else for '{name}' of the part '{_part}', expected {expected}");
}
