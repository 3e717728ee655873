namespace Engine.Tests.Logging;

/// <summary>A clock that says what it is told.</summary>
internal sealed class TestClock(double seconds) : TimeProvider
{
    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    public double Seconds { get; set; } = seconds;

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(Seconds * TimeSpan.TicksPerSecond));
}
