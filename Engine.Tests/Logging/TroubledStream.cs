namespace Engine.Tests.Logging;

/// <summary>A stream that waits in each write until it is released, and fails after a number of bytes.</summary>
internal sealed class TroubledStream(long failsAfter = long.MaxValue) : MemoryStream
{
    /// <summary>Set while writes go through.</summary>
    public ManualResetEventSlim Released { get; } = new(initialState: true);

    public bool IsDisposed { get; private set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Released.Wait();
        if (Length + buffer.Length > failsAfter)
        {
            base.Write(buffer[..(int)(failsAfter - Length)]);
            throw new IOException("No space left on device");
        }
        base.Write(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
