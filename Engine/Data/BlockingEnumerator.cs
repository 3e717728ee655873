using System.Collections;

namespace Engine;

/// <summary>Goes through an asynchronous sequence on a thread that waits for each item.</summary>
internal sealed class BlockingEnumerator<TItem> : IEnumerator<TItem>, IStoppable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<TItem> _source;

    public BlockingEnumerator(IAsyncEnumerable<TItem> source) => _source = source.GetAsyncEnumerator(_stop.Token);

    public TItem Current => _source.Current;

    object? IEnumerator.Current => Current;

    public bool MoveNext()
    {
        ValueTask<bool> next = _source.MoveNextAsync();
        return next.IsCompleted ? next.GetAwaiter().GetResult() : next.AsTask().GetAwaiter().GetResult();
    }

    public void Stop() => _stop.Cancel();

    public void Reset() => throw new NotSupportedException("BlockingEnumerator: got Reset, expected one pass.");

    public void Dispose()
    {
        ValueTask disposal = _source.DisposeAsync();
        disposal.AsTask().GetAwaiter().GetResult();
    }
}
