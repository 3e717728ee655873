using System.Globalization;
using System.IO.Compression;

namespace Engine;

/// <summary>
/// Bytes of a file or stream with a name for messages, decompressed if they begin as gzip does (RFC 1952). Data that are cut short or
/// damaged throw, which <see cref="GZipStream"/> alone does not promise: it ends where its input ends.
/// </summary>
internal sealed class DataStream : IDisposable
{
    /// <summary>The bytes of a gzip header and trailer, without the compressed data between them.</summary>
    private const int GzipFrame = 18;

    private readonly string _reader;
    private readonly RawStream _raw;
    private readonly GZipStream? _unpacked;

    /// <summary>Reads a stream from where it is.</summary>
    /// <param name="reader">Who reads, for messages.</param>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What the stream is called in messages.</param>
    /// <param name="leaveOpen">Whether the stream stays open when this is disposed.</param>
    public DataStream(string reader, Stream stream, string name, bool leaveOpen)
    {
        _reader = reader;
        Name = name;
        _raw = new RawStream(stream, leaveOpen);
        _unpacked = _raw.BeginsWith(0x1F, 0x8B) ? new GZipStream(_raw, CompressionMode.Decompress, leaveOpen: true) : null;
    }

    /// <summary>The name of the file or stream.</summary>
    public string Name { get; }

    /// <summary>The number of bytes read, after decompression.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file.</summary>
    public static DataStream Open(string reader, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new DataStream(reader, File.OpenRead(path), Path.GetFileName(path), leaveOpen: false);
    }

    /// <summary>Reads a stream of the caller's, which stays open.</summary>
    public static DataStream Over(string reader, Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return new DataStream(reader, stream, name, leaveOpen: true);
    }

    /// <summary>Reads until the bytes are there or the data end; returns how many there are.</summary>
    /// <exception cref="InvalidDataException">The compressed data are damaged or cut short.</exception>
    public int Read(Span<byte> bytes)
    {
        int read = 0;
        while (read < bytes.Length)
        {
            int count = ReadSome(bytes[read..]);
            if (count == 0)
            {
                break;
            }
            read += count;
        }
        return read;
    }

    public void Dispose()
    {
        _unpacked?.Dispose();
        _raw.Dispose();
    }

    private int ReadSome(Span<byte> bytes)
    {
        if (_unpacked is null)
        {
            int plain = _raw.Read(bytes);
            Position += plain;
            return plain;
        }
        int count;
        try
        {
            count = _unpacked.Read(bytes);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_reader}: {Name}: got damaged gzip data after {Position} bytes, expected an undamaged file."),
                exception);
        }
        Position += count;
        if (count == 0)
        {
            CheckEnd();
        }
        return count;
    }

    /// <summary>Compares the length in the trailer with that of the data.</summary>
    private void CheckEnd()
    {
        Span<byte> rest = stackalloc byte[256];
        while (_raw.Read(rest) > 0)
        {
            // what follows the compressed data belongs to the trailer
        }
        if (_raw.Count < GzipFrame || _raw.LastWord != (uint)Position)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_reader}: {Name}: got gzip data that end after {Position} bytes, expected as many as their trailer says: the file ")
                    + "is cut short, or has several parts.");
        }
    }
}
