namespace Engine;

/// <summary>A stream that keeps nothing of what is written into it but its length and checksum.</summary>
internal sealed class ChecksumStream : Stream
{
    private Crc32 _checksum;
    private long _length;

    /// <summary>The checksum of all bytes written.</summary>
    public uint Checksum => _checksum.Value;

    public override long Length => _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException("ChecksumStream: got a position, expected bytes.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _checksum.Append(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("ChecksumStream: keeps no bytes.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("ChecksumStream: keeps no bytes.");

    public override void SetLength(long value) => throw new NotSupportedException("ChecksumStream: keeps no bytes.");
}
