namespace Engine.Tests.Persistence;

/// <summary>Some bytes and then very many zeros.</summary>
internal sealed class LongStream(byte[] start, long zeros) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => start.Length + zeros;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = (int)Math.Min(count, Length - Position);
        for (int i = 0; i < read; i++)
        {
            buffer[offset + i] = Position + i < start.Length ? start[Position + i] : (byte)0;
        }
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Set the position.");

    public override void SetLength(long value) => throw new NotSupportedException("The length is given.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The bytes are given.");

    public override void Flush()
    {
    }
}
