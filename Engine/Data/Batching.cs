using System.Globalization;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// Batches of any sequence, made by a function of the caller, and sequences that a thread of its own enumerates in advance.
/// </summary>
public static class Batching
{
    private const int MostPrefetched = 1 << 20;

    extension<TItem>(IEnumerable<TItem> items)
    {
        /// <summary>Collects items and makes a batch of each <paramref name="size"/> of them, in their order.</summary>
        /// <param name="size">The number of items in a batch, at least 1.</param>
        /// <param name="collate">Makes a batch of items, such as a tensor of images; the span is valid during the call alone.</param>
        /// <param name="last">What becomes of a last batch that is smaller.</param>
        /// <returns>The batches, each made when it is reached.</returns>
        /// <exception cref="ArgumentNullException">The items or the function are null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or the enumeration has no such member.</exception>
        public IEnumerable<TBatch> Batches<TBatch>(
            int size, Func<ReadOnlySpan<TItem>, TBatch> collate, LastBatch last = LastBatch.Keep)
        {
            ArgumentNullException.ThrowIfNull(items);
            Check(size, collate, last);
            return Collate(items, size, collate, last);
        }

        /// <summary>
        /// The same items in the same order, enumerated in advance by a thread of its own. An exception is thrown where the item would
        /// have been. Leaving the loop stops the thread, and waits until it has made the item that it is at.
        /// </summary>
        /// <param name="ahead">How many items are made in advance, at least 1: each holds what it holds.</param>
        /// <exception cref="ArgumentNullException">The items are null.</exception>
        /// <exception cref="ArgumentException">
        /// The items are batches of a data set, whose memory is used again: <see cref="Dataset{T}.Batches"/> prepares those in advance.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The number is not from 1 to 2²⁰.</exception>
        public IEnumerable<TItem> Prefetch(int ahead = 2)
        {
            ArgumentNullException.ThrowIfNull(items);
            CheckAhead(ahead);
            return typeof(TItem) == typeof(Batch<float>) || typeof(TItem) == typeof(Batch<double>)
                ? throw new ArgumentException(
                    "Prefetch: got batches of a data set, whose memory is used again for the next one, expected other items: "
                        + "Dataset.Batches takes the number of batches to prepare in advance.",
                    nameof(items))
                : Take(items.GetEnumerator, ahead);
        }
    }

    extension<TItem>(IAsyncEnumerable<TItem> items)
    {
        /// <summary>Collects items and makes a batch of each <paramref name="size"/> of them, in their order.</summary>
        /// <param name="size">The number of items in a batch, at least 1.</param>
        /// <param name="collate">Makes a batch of items, such as a tensor of images; the span is valid during the call alone.</param>
        /// <param name="last">What becomes of a last batch that is smaller.</param>
        /// <returns>The batches, each made when it is reached. Use one in a recording without an await inside.</returns>
        /// <exception cref="ArgumentNullException">The items or the function are null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or the enumeration has no such member.</exception>
        public IAsyncEnumerable<TBatch> Batches<TBatch>(
            int size, Func<ReadOnlySpan<TItem>, TBatch> collate, LastBatch last = LastBatch.Keep)
        {
            ArgumentNullException.ThrowIfNull(items);
            Check(size, collate, last);
            return CollateAsync(items, size, collate, last);
        }

        /// <summary>
        /// The same items in the same order, for a loop without await: a thread of its own waits for them, in advance. An exception is
        /// thrown where the item would have been. Leaving the loop cancels the wait and stops the thread.
        /// </summary>
        /// <param name="ahead">How many items are made in advance, at least 1: each holds what it holds.</param>
        /// <exception cref="ArgumentNullException">The items are null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The number is not from 1 to 2²⁰.</exception>
        public IEnumerable<TItem> Prefetch(int ahead = 2)
        {
            ArgumentNullException.ThrowIfNull(items);
            CheckAhead(ahead);
            return Take(() => new BlockingEnumerator<TItem>(items), ahead);
        }
    }

    private static IEnumerable<TBatch> Collate<TItem, TBatch>(
        IEnumerable<TItem> items, int size, Func<ReadOnlySpan<TItem>, TBatch> collate, LastBatch last)
    {
        List<TItem> waiting = [];
        foreach (TItem item in items)
        {
            waiting.Add(item);
            if (waiting.Count == size)
            {
                yield return Made(waiting, collate);
            }
        }
        if (waiting.Count > 0 && last == LastBatch.Keep)
        {
            yield return Made(waiting, collate);
        }
    }

    private static async IAsyncEnumerable<TBatch> CollateAsync<TItem, TBatch>(
        IAsyncEnumerable<TItem> items, int size, Func<ReadOnlySpan<TItem>, TBatch> collate, LastBatch last,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<TItem> waiting = [];
        await foreach (TItem item in items.WithCancellation(cancellation).ConfigureAwait(false))
        {
            waiting.Add(item);
            if (waiting.Count == size)
            {
                yield return Made(waiting, collate);
            }
        }
        if (waiting.Count > 0 && last == LastBatch.Keep)
        {
            yield return Made(waiting, collate);
        }
    }

    private static TBatch Made<TItem, TBatch>(List<TItem> waiting, Func<ReadOnlySpan<TItem>, TBatch> collate)
    {
        TBatch batch = collate(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(waiting));
        waiting.Clear();
        return batch;
    }

    private static IEnumerable<TItem> Take<TItem>(Func<IEnumerator<TItem>> begin, int ahead)
    {
        using Producer<TItem> producer = new(begin(), ahead);
        while (producer.TryTake(out TItem item))
        {
            yield return item;
        }
    }

    private static void Check(int size, Delegate collate, LastBatch last)
    {
        ArgumentNullException.ThrowIfNull(collate);
        if (size < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), string.Create(CultureInfo.InvariantCulture, $"Batches: got size = {size}, expected a number from 1 on."));
        }
        if (last is not (LastBatch.Keep or LastBatch.Drop))
        {
            throw new ArgumentOutOfRangeException(
                nameof(last), string.Create(CultureInfo.InvariantCulture, $"Batches: got last = {(int)last}, expected Keep or Drop."));
        }
    }

    private static void CheckAhead(int ahead)
    {
        if (ahead is < 1 or > MostPrefetched)
        {
            throw new ArgumentOutOfRangeException(
                nameof(ahead),
                string.Create(
                    CultureInfo.InvariantCulture, $"Prefetch: got ahead = {ahead}, expected a number from 1 to {MostPrefetched}."));
        }
    }
}
