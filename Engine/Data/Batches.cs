using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// The batches of a data set, epoch after epoch: each <c>foreach</c> goes through what is left of the current epoch. Batches are copied
/// into memory that is allocated once, so that taking one allocates nothing, and are valid until the next one is taken: a list of them
/// is a list of expired batches.
/// </summary>
/// <remarks>
/// To resume in mid-epoch as if training had never stopped, save <see cref="Position"/> after a step, and set it again on batches that
/// were made with the same arguments.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Batches<T> : IEnumerable<Batch<T>>, IEpochs where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MostPrefetched = 1024;

    private readonly Dataset<T> _data;
    private readonly RandomKey? _key;
    private readonly BatchMemory<T>[] _memories;
    private readonly int[] _order;
    private readonly int _prefetch;
    private long _orderedEpoch = -1;
    private BatchPosition _position;
    private BatchMemory<T>? _current;
    private Producer<int>? _producer;
    private long _enumeration;
    private bool _isEnumerating;

    internal Batches(Dataset<T> data, int size, RandomKey? key, LastBatch last, int prefetch)
    {
        Require(size >= 1, size, "a number from 1 on");
        Require(last is LastBatch.Keep or LastBatch.Drop, (int)last, "Keep or Drop", nameof(last));
        Require(prefetch is >= 0 and <= MostPrefetched, prefetch, $"a number from 0 to {MostPrefetched}");
        PerEpoch = last == LastBatch.Drop ? data.Count / size : (int)(((long)data.Count + size - 1) / size);
        if (PerEpoch == 0)
        {
            throw new ArgumentException(
                $"Batches: got size = {size} for {data.Count} examples, with a smaller last batch dropped, expected at most "
                    + $"{data.Count}: there would be no batch.",
                nameof(size));
        }
        _data = data;
        _key = key;
        _prefetch = prefetch;
        Size = size;
        _order = new int[data.Count];
        // beside the batches in the queue there are the one that is used and the one that is prepared
        _memories = new BatchMemory<T>[prefetch == 0 ? 1 : prefetch + 2];
        for (int i = 0; i < _memories.Length; i++)
        {
            _memories[i] = new BatchMemory<T>(data, Math.Min(size, data.Count));
        }
    }

    /// <summary>The number of examples in a batch, except in a smaller last one.</summary>
    public int Size { get; }

    /// <summary>The number of batches in an epoch.</summary>
    public int PerEpoch { get; }

    /// <summary>
    /// The batch that is taken next. In a <c>foreach</c>, that is the one after the current batch, with the index <see cref="PerEpoch"/>
    /// after the last one; when the loop has ended there, the first one of the next epoch. Set it, outside a <c>foreach</c>, to continue
    /// there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The epoch is negative, or the index is not from 0 to <see cref="PerEpoch"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">It is set while a <c>foreach</c> goes through the batches.</exception>
    public BatchPosition Position
    {
        get => _position;
        set
        {
            ThrowIfEnumerating("a new position");
            if (value.Epoch < 0 || value.Index < 0 || value.Index > PerEpoch)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Batches.Position: got epoch {value.Epoch}, batch {value.Index}, expected an epoch from 0 on and a batch ")
                        + $"from 0 to {PerEpoch}.");
            }
            _position = InNextEpochIfAtEnd(value);
        }
    }

    bool IEpochs.IsAtEndOfEpoch => _position.Index == PerEpoch;

    /// <summary>Goes through what is left of the current epoch: called by <c>foreach</c>.</summary>
    /// <exception cref="InvalidOperationException">Another <c>foreach</c> is going through the batches.</exception>
    public Enumerator GetEnumerator()
    {
        ThrowIfEnumerating("a second foreach");
        Leave();
        Order(_position.Epoch);
        _isEnumerating = true;
        if (_prefetch > 0)
        {
            _producer = new Producer<int>(Prepare(_position).GetEnumerator(), _prefetch);
        }
        return new Enumerator(this, ++_enumeration);
    }

    /// <summary>The batches that are left of an epoch, for <c>foreach</c>.</summary>
    public readonly struct Enumerator : IEnumerator<Batch<T>>
    {
        private readonly Batches<T> _batches;
        private readonly long _number;

        internal Enumerator(Batches<T> batches, long number)
        {
            _batches = batches;
            _number = number;
        }

        /// <summary>The current batch, valid until the next one is taken.</summary>
        /// <exception cref="InvalidOperationException">There is none: before the first and after the last.</exception>
        public Batch<T> Current => _batches._current is { } memory && _batches._enumeration == _number
            ? new Batch<T>(memory)
            : throw new InvalidOperationException("Batches: got no batch, expected a call of MoveNext that returned true before.");

        object IEnumerator.Current => Current;

        /// <summary>Takes the next batch; at the end of the epoch there is none, and the next epoch begins with the next loop.</summary>
        public bool MoveNext() => _batches.IsIn(_number) && _batches.MoveNext();

        /// <summary>Ends the loop; the current batch stays valid until the next one is taken.</summary>
        public void Dispose()
        {
            if (_batches.IsIn(_number))
            {
                _batches.End();
            }
        }

        void IEnumerator.Reset() =>
            throw new NotSupportedException("Batches: got Reset, expected a new foreach, after Position is set to go back.");
    }

    IEnumerator<Batch<T>> IEnumerable<Batch<T>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsIn(long enumeration) => _isEnumerating && _enumeration == enumeration;

    private bool MoveNext()
    {
        Leave();
        if (_producer is not null)
        {
            if (_producer.TryTake(out int slot))
            {
                _current = _memories[slot];
            }
        }
        else if (_position.Index < PerEpoch)
        {
            _memories[0].Fill(Examples(_position.Index), _position);
            _current = _memories[0];
        }
        if (_current is null)
        {
            End();
            return false;
        }
        _position = _position with { Index = _position.Index + 1 };
        return true;
    }

    private void End()
    {
        _position = InNextEpochIfAtEnd(_position);
        _isEnumerating = false;
        _producer?.Dispose();
        _producer = null;
    }

    /// <summary>Makes the current batch expired.</summary>
    private void Leave()
    {
        _current?.Expire();
        _current = null;
    }

    /// <summary>
    /// Fills one memory after the other, and gives its number. With as many in the queue as it holds, one in use and one being filled,
    /// none is filled while it is used.
    /// </summary>
    private IEnumerable<int> Prepare(BatchPosition from)
    {
        for (BatchPosition position = from; position.Index < PerEpoch; position = position with { Index = position.Index + 1 })
        {
            int slot = (position.Index - from.Index) % _memories.Length;
            _memories[slot].Fill(Examples(position.Index), position);
            yield return slot;
        }
    }

    /// <summary>No loop begins after the last batch: it would be empty.</summary>
    private BatchPosition InNextEpochIfAtEnd(BatchPosition position) =>
        position.Index == PerEpoch ? new BatchPosition(position.Epoch + 1, 0) : position;

    private ReadOnlySpan<int> Examples(int batch) => _order.AsSpan(batch * Size, Math.Min(Size, _order.Length - batch * Size));

    private void Order(long epoch)
    {
        if (_orderedEpoch == epoch)
        {
            return;
        }
        if (_key is { } key)
        {
            key.Fold(epoch).Permute(_order);
        }
        else
        {
            for (int i = 0; i < _order.Length; i++)
            {
                _order[i] = i;
            }
        }
        _orderedEpoch = epoch;
    }

    private void ThrowIfEnumerating(string got)
    {
        if (_isEnumerating)
        {
            throw new InvalidOperationException(
                $"Batches: got {got} while a foreach goes through them, expected it after the end of the loop.");
        }
    }

    private static void Require(bool isFulfilled, int value, string expected, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!isFulfilled)
        {
            throw new ArgumentOutOfRangeException(
                name, string.Create(CultureInfo.InvariantCulture, $"Batches: got {name} = {value}, expected {expected}."));
        }
    }
}
