using Engine.Formats;

namespace Engine;

/// <summary>
/// Reads the event files of TensorBoard: those of <see cref="EventLog"/>, of PyTorch and of TensorFlow.
/// </summary>
public static class EventFile
{
    /// <summary>
    /// The events of a file in the order in which they were written, read as they are asked for; a summary of several values gives an event
    /// for each. A file that ends in the middle of a record, as one does whose run is going on, gives
    /// <see cref="RunEvent.IncompleteRecord"/> last.
    /// </summary>
    /// <remarks>
    /// No record takes more memory than the file has bytes, whatever the file says. The file may be written to meanwhile.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="MalformedFileException">
    /// A record is damaged; the offset is that of its first byte. The events before it have been given.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static IEnumerable<RunEvent> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadFile(path);
    }

    /// <summary>Whether the name is that of a file of events, as TensorBoard recognizes them.</summary>
    /// <param name="path">A path or a file's name.</param>
    public static bool IsEventFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Path.GetFileName(path);
        return name.Contains("tfevents", StringComparison.Ordinal) && !name.EndsWith(".profile-empty", StringComparison.Ordinal);
    }

    /// <summary>The events in a stream that can seek.</summary>
    internal static IEnumerable<RunEvent> Read(Stream stream, string path)
    {
        RecordReader records = new(stream, path);
        EventDecoder decoder = new();
        List<RunEvent> events = [];
        while (records.Read())
        {
            events.Clear();
            try
            {
                decoder.Decode(records.Data, events);
            }
            catch (MalformedMessageException e)
            {
                throw new MalformedFileException(path, records.Offset, FileDefect.InvalidRecord, e.Message, e);
            }
            foreach (RunEvent one in events)
            {
                yield return one;
            }
        }
        if (records.IncompleteBytes > 0)
        {
            yield return new RunEvent.IncompleteRecord(records.Offset, records.IncompleteBytes);
        }
    }

    private static IEnumerable<RunEvent> ReadFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        foreach (RunEvent one in Read(stream, path))
        {
            yield return one;
        }
    }
}
