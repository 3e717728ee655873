using System.Runtime.ExceptionServices;

namespace Engine;

/// <summary>
/// A thread of its own that enumerates a sequence in advance, and a queue of bounded length from which another thread takes the items, in
/// their order.
/// </summary>
internal sealed class Producer<TItem> : IDisposable
{
    private readonly object _lock = new();
    private readonly TItem[] _queue;
    private readonly Thread _thread;
    private readonly IEnumerator<TItem> _source;
    private int _first, _count;
    private bool _hasEnded, _isStopped;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the thread, which also disposes the source.</summary>
    public Producer(IEnumerator<TItem> source, int capacity)
    {
        _source = source;
        _queue = new TItem[capacity];
        _thread = new Thread(Run) { IsBackground = true, Name = "Engine prefetch" };
        _thread.Start();
    }

    /// <summary>
    /// Takes the next item, and waits for it if need be; false after the last one. An exception of the source is thrown here, once the
    /// items before it are taken.
    /// </summary>
    public bool TryTake(out TItem item)
    {
        lock (_lock)
        {
            while (_count == 0 && !_hasEnded)
            {
                Monitor.Wait(_lock);
            }
            if (_count == 0)
            {
                _failure?.Throw();
                item = default!;
                return false;
            }
            item = _queue[_first];
            _queue[_first] = default!;
            _first = (_first + 1) % _queue.Length;
            _count--;
            Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>Stops the thread and waits for its end. Items that were not taken are dropped, and so is an exception after them.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.Pulse(_lock);
        }
        (_source as IStoppable)?.Stop();
        _thread.Join();
    }

    private void Run()
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            using (_source)
            {
                while (_source.MoveNext() && TryAdd(_source.Current))
                {
                }
            }
        }
        catch (Exception exception) // of any kind: it is the consumer's, who is on another thread
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
        lock (_lock)
        {
            _failure = failure;
            _hasEnded = true;
            Monitor.Pulse(_lock);
        }
    }

    private bool TryAdd(TItem item)
    {
        lock (_lock)
        {
            while (_count == _queue.Length && !_isStopped)
            {
                Monitor.Wait(_lock);
            }
            if (!_isStopped)
            {
                _queue[(_first + _count++) % _queue.Length] = item;
                Monitor.Pulse(_lock);
            }
            return !_isStopped;
        }
    }
}
