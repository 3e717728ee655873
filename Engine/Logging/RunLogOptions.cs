using System.Globalization;

namespace Engine;

/// <summary>How a log that is a file is written.</summary>
public sealed record RunLogOptions
{
    private readonly TimeSpan _flushInterval = TimeSpan.FromSeconds(2);
    private readonly int _capacity = 16 << 20;

    /// <summary>The clock that dates the entries; that of the system unless set.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// After how long entries are written without <see cref="IRunLog.Flush"/>, from 1 ms to 1 day; 2 s unless set. A process that is killed
    /// loses no more than what it logged in this time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in this range.</exception>
    public TimeSpan FlushInterval
    {
        get => _flushInterval;
        init => _flushInterval = value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(FlushInterval), string.Create(
                CultureInfo.InvariantCulture, $"RunLogOptions.FlushInterval: got {value}, expected 1 ms to 1 day."));
    }

    /// <summary>
    /// How many bytes may wait to be written, at least 1,024; 16 MiB unless set. An entry that finds no room, since the disk is too slow or
    /// hangs, is dropped and counted: training does not wait for it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1,024.</exception>
    public int Capacity
    {
        get => _capacity;
        init => _capacity = value >= 1024
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Capacity), string.Create(
                CultureInfo.InvariantCulture, $"RunLogOptions.Capacity: got {value}, expected at least 1024."));
    }
}
