using System.Globalization;

namespace Engine;

/// <summary>Bytes whose number is known, to be read in any order.</summary>
internal abstract class ByteSource(string name) : IDisposable
{
    /// <summary>What errors call it: the path of a file.</summary>
    public string Name { get; } = name;

    /// <summary>The number of bytes, which bounds what a reader allocates.</summary>
    public abstract long Length { get; }

    /// <summary>Reads as many bytes as the destination has.</summary>
    /// <exception cref="MalformedFileException">There are not so many.</exception>
    public abstract void Read(long offset, Span<byte> destination);

    public abstract void Dispose();

    /// <summary>The error of a source that ends before the length it had when it was opened.</summary>
    protected MalformedFileException EndedAt(long offset) => new(
        Name,
        offset,
        FileDefect.DataLength,
        string.Create(
            CultureInfo.InvariantCulture, $"got no further bytes, expected {Length}: the file was truncated while it was read"));
}
