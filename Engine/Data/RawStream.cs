using System.Buffers.Binary;

namespace Engine;

/// <summary>A stream whose first bytes can be looked at before they are read, and that remembers its last ones.</summary>
internal sealed class RawStream : Stream
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly byte[] _start = new byte[2], _last = new byte[sizeof(uint)];
    private readonly int _started;
    private int _given;

    public RawStream(Stream stream, bool leaveOpen)
    {
        _stream = stream;
        _leaveOpen = leaveOpen;
        _started = stream.ReadAtLeast(_start, _start.Length, throwOnEndOfStream: false);
    }

    /// <summary>The number of bytes read.</summary>
    public long Count { get; private set; }

    /// <summary>The last four bytes read, as a number whose lowest byte comes first.</summary>
    public uint LastWord => BinaryPrimitives.ReadUInt32LittleEndian(_last);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether the stream begins with two bytes.</summary>
    public bool BeginsWith(byte first, byte second) => _started == 2 && _start[0] == first && _start[1] == second;

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _started - _given);
        if (count > 0)
        {
            _start.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
        }
        else
        {
            count = _stream.Read(buffer);
        }
        Count += count;
        ReadOnlySpan<byte> last = buffer[Math.Max(0, count - _last.Length)..count];
        _last.AsSpan(last.Length).CopyTo(_last);
        last.CopyTo(_last.AsSpan(_last.Length - last.Length));
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
        {
            _stream.Dispose();
        }
        base.Dispose(disposing);
    }
}
