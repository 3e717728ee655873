using System.Globalization;

namespace Engine;

/// <summary>A file of events that is damaged, with the place of the damage.</summary>
public sealed class EventFileException : FormatException
{
    internal EventFileException(string path, long offset, string what, Exception? inner = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"EventFile: {path}: the record at byte {offset}: {what}."), inner)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where the damaged record begins, in bytes from the beginning of the file; what is before it is intact.</summary>
    public long Offset { get; }
}
