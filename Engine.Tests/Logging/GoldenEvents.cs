using System.Text.Json;

namespace Engine.Tests.Logging;

/// <summary>Event files of PyTorch's writer, and what TensorBoard's reader finds in them.</summary>
internal static class GoldenEvents
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Golden", "events");

    /// <summary>The files, by their path in the listing.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Golden.Load("events/events.json").EnumerateObject().Select(static file => file.Name)];

    /// <summary>The path of a file.</summary>
    public static string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>What TensorBoard's reader finds in a file.</summary>
    public static JsonElement[] EventsOf(string name) => [.. Golden.Load("events/events.json").GetProperty(name).EnumerateArray()];

    /// <summary>The bytes of each record's data.</summary>
    public static IEnumerable<byte[]> RecordsOf(byte[] file)
    {
        using MemoryStream stream = new(file);
        RecordReader reader = new(stream, "golden");
        while (reader.Read())
        {
            yield return reader.Data.ToArray();
        }
        Assert.That(reader.IncompleteBytes, Is.Zero);
    }
}
