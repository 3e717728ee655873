namespace Engine;

/// <summary>A stream from its present position to its end. One thread reads at a time.</summary>
internal sealed class StreamSource : ByteSource
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _start;
    private readonly Lock _lock = new();

    /// <summary>Takes a stream that can seek: the length of any other is not known, and so not what may be allocated.</summary>
    /// <exception cref="ArgumentException">The stream cannot read or seek.</exception>
    public StreamSource(Stream stream, bool leaveOpen) : base("stream")
    {
        CheckCanSeek(stream);
        _stream = stream;
        _leaveOpen = leaveOpen;
        _start = stream.Position;
        Length = Math.Max(0, stream.Length - _start);
    }

    public override long Length { get; }

    /// <exception cref="ArgumentException">The stream cannot read or seek.</exception>
    public static void CheckCanSeek(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead || !stream.CanSeek)
        {
            throw new ArgumentException("Open: got a stream that cannot read or seek, expected one that can do both.", nameof(stream));
        }
    }

    public override void Read(long offset, Span<byte> destination)
    {
        lock (_lock)
        {
            _stream.Position = _start + offset;
            int read = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            if (read < destination.Length)
            {
                throw EndedAt(offset + read);
            }
        }
    }

    public override void Dispose()
    {
        if (!_leaveOpen)
        {
            _stream.Dispose();
        }
    }
}
