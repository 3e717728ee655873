using System.IO.Compression;

namespace Engine;

/// <summary>
/// A file in a zip archive. It is decompressed from its beginning; when its last byte has been read, its checksum is compared.
/// </summary>
internal sealed class ZipEntrySource : ByteSource
{
    /// <summary>How many bytes one compressed byte can stand for: Deflate has 258 bytes in two bits at best.</summary>
    private const int MaxExpansion = 1032;

    private readonly NpzFile _archive;
    private readonly ZipArchiveEntry _entry;
    private Stream _stream;
    private Crc32 _checksum;
    private long _position;

    private ZipEntrySource(NpzFile archive, ZipArchiveEntry entry, string name) : base(name)
    {
        (_archive, _entry) = (archive, entry);
        Length = entry.Length;
        _stream = Guarded(entry.Open);
    }

    public override long Length { get; }

    /// <summary>Opens a file in an archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="entry">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="archiveLength">The bytes of the archive, which bound those of the file.</param>
    /// <exception cref="MalformedFileException">Its length cannot be true, or it cannot be decompressed.</exception>
    public static ZipEntrySource Open(NpzFile archive, ZipArchiveEntry entry, string name, long archiveLength) =>
        entry.CompressedLength < 0 || entry.CompressedLength > archiveLength || entry.Length < 0
            || entry.Length > (Int128)entry.CompressedLength * MaxExpansion
        ? throw new MalformedFileException(
            name, 0, FileDefect.InvalidArchive,
            FormattableString.Invariant(
                $"got {entry.CompressedLength} bytes for {entry.Length} in an archive of {archiveLength}, expected possible lengths"))
        : new(archive, entry, name);

    /// <summary>Whether the platform's reader of archives says by an exception that one is damaged.</summary>
    public static bool IsOfArchive(Exception error) => error is InvalidDataException or EndOfStreamException or NotSupportedException
        or ArgumentException or OverflowException;

    public override void Read(long offset, Span<byte> destination)
    {
        _archive.ThrowIfDisposed();
        if (offset < _position)
        {
            _stream.Dispose();
            _stream = Guarded(_entry.Open);
            _position = 0;
            _checksum = default;
        }
        Span<byte> skipped = stackalloc byte[256];
        while (_position < offset)
        {
            ReadNext(skipped[..(int)Math.Min(skipped.Length, offset - _position)]);
        }
        ReadNext(destination);
    }

    public override void Dispose() => _stream.Dispose();

    private void ReadNext(Span<byte> destination)
    {
        int read = Fill(destination);
        _checksum.Append(destination[..read]);
        _position += read;
        if (read < destination.Length)
        {
            throw EndedAt(_position);
        }
        if (_position < Length)
        {
            return;
        }
        Span<byte> more = stackalloc byte[1];
        if (Fill(more) > 0)
        {
            throw new MalformedFileException(
                Name, Length, FileDefect.DataLength, FormattableString.Invariant($"got further bytes, expected {Length}"));
        }
        if (_checksum.Value != _entry.Crc32)
        {
            throw new MalformedFileException(
                Name, Length, FileDefect.ChecksumMismatch,
                FormattableString.Invariant($"got the checksum {_checksum.Value:X8}, expected {_entry.Crc32:X8}"));
        }
    }

    private int Fill(Span<byte> destination)
    {
        try
        {
            return _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (IsOfArchive(error))
        {
            throw Damaged(error);
        }
    }

    private Stream Guarded(Func<Stream> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (IsOfArchive(error))
        {
            throw Damaged(error);
        }
    }

    private MalformedFileException Damaged(Exception error) => new(
        Name, _position, FileDefect.InvalidArchive, "got data that cannot be decompressed, expected a file in a zip archive", error);
}
