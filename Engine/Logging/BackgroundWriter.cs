using System.Buffers;
using System.Diagnostics;
using System.Globalization;

namespace Engine;

/// <summary>
/// Writes to a stream on a thread of its own. What is appended is copied into memory, which the thread exchanges for memory that it has
/// written: nobody waits for the stream, and nothing is allocated once both have their size.
/// </summary>
internal sealed class BackgroundWriter : IDisposable
{
    /// <summary>So much is written at once, without waiting for the interval.</summary>
    private const int Plenty = 1 << 16;

    private readonly Lock _callers = new();
    private readonly object _gate = new();
    private readonly Stream _stream;
    private readonly string _name;
    private readonly TimeSpan _interval;
    private readonly int _capacity;
    private readonly Thread _thread;
    private ArrayBufferWriter<byte> _pending = new(1024), _writing = new(1024);
    private long _requested, _flushed;
    private bool _isClosing, _failureWasThrown, _isDisposed;
    private Exception? _failure;

    /// <summary>Starts the thread.</summary>
    /// <param name="stream">The stream, which the writer disposes.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">The interval and the capacity.</param>
    public BackgroundWriter(Stream stream, string name, RunLogOptions options)
    {
        (_stream, _name, _interval, _capacity) = (stream, name, options.FlushInterval, options.Capacity);
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>How many entries found no room.</summary>
    public long Dropped { get; private set; }

    /// <summary>Throws if the writer is closed or has failed.</summary>
    public void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Volatile.Read(ref _failure) is { } failure)
        {
            _failureWasThrown = true;
            throw Failed(failure);
        }
    }

    /// <summary>Appends an entry, or drops it if there is no room.</summary>
    public void Append(ReadOnlySpan<byte> entry)
    {
        lock (_gate)
        {
            if (_pending.WrittenCount + (long)entry.Length > _capacity)
            {
                Dropped++;
                return;
            }
            _pending.Write(entry);
            if (_pending.WrittenCount >= Plenty)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Waits until all that was appended before is written.</summary>
    public void Flush()
    {
        ThrowIfUnusable();
        lock (_gate)
        {
            long request = ++_requested;
            Monitor.PulseAll(_gate);
            while (_flushed < request && _failure is null)
            {
                Monitor.Wait(_gate);
            }
        }
        ThrowIfUnusable();
    }

    /// <summary>Writes what is left and closes the stream.</summary>
    /// <exception cref="IOException">Something could not be written, and no call has said so yet; or entries were dropped.</exception>
    public void Dispose()
    {
        lock (_callers)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
        }
        lock (_gate)
        {
            _isClosing = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
        if (_failure is { } failure && !_failureWasThrown)
        {
            throw Failed(failure);
        }
        if (Dropped > 0 && _failure is null)
        {
            throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"RunLog: {_name}: got {Dropped} entries while {_capacity} bytes were waiting for a slow disk, expected room; they were "
                    + $"dropped."));
        }
    }

    private IOException Failed(Exception failure) =>
        new($"RunLog: {_name}: writing failed, and nothing more is written: {failure.Message}", failure);

    private void Run()
    {
        try
        {
            while (WriteNext())
            {
            }
        }
        catch (Exception e)
        {
            Fail(e); // thrown by the next call of the log
        }
        try
        {
            _stream.Dispose();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Waits for something to do and does it; false at the end.</summary>
    private bool WriteNext()
    {
        long request;
        bool isClosing;
        lock (_gate)
        {
            long start = Stopwatch.GetTimestamp();
            while (!_isClosing && _flushed == _requested && _pending.WrittenCount < Plenty)
            {
                TimeSpan left = _interval - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    break;
                }
            }
            (_pending, _writing) = (_writing, _pending);
            (request, isClosing) = (_requested, _isClosing);
        }
        if (_writing.WrittenCount > 0)
        {
            _stream.Write(_writing.WrittenSpan);
            _stream.Flush();
            _writing.ResetWrittenCount();
        }
        lock (_gate)
        {
            _flushed = request;
            Monitor.PulseAll(_gate);
        }
        return !isClosing;
    }

    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            _pending = new ArrayBufferWriter<byte>(1);
            Monitor.PulseAll(_gate);
        }
    }
}
