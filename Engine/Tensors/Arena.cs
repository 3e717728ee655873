using System.Numerics;

namespace Engine;

/// <summary>
/// Memory that is allocated piece by piece and reclaimed all at once: after the first round, the same requests allocate nothing on the
/// heap.
/// </summary>
internal sealed class Arena<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Line = 16, SlabLength = 1 << 18;

    private readonly List<Buffer<T>> _buffers = [];
    private readonly List<Slab> _slabs = [];
    private int _slab, _used;

    /// <summary>Whether the tape that owns the arena is recording.</summary>
    public bool IsRecording { get; set; }

    /// <summary>How many buffers are allocated: the <see cref="Buffer{T}.Ordinal"/> of the next one.</summary>
    public int Count { get; private set; }

    /// <summary>A tensor with undefined elements, valid until <see cref="Reclaim"/>.</summary>
    public Tensor<T> Allocate(in Shape shape)
    {
        if (Count == _buffers.Count)
        {
            _buffers.Add(new Buffer<T>(this, Count));
        }
        Buffer<T> buffer = _buffers[Count++];
        int length = shape.Length;
        // each piece begins on a cache line of its own
        int room = (length + Line - 1) / Line * Line;
        while (_slab < _slabs.Count && _used + room > _slabs[_slab].Length)
        {
            _slab++;
            _used = 0;
        }
        if (_slab == _slabs.Count)
        {
            int size = Math.Max(room, SlabLength);
            _slabs.Add(new Slab(Buffer<T>.AllocatePinned(size, clear: false, out int start), start, size));
            _used = 0;
        }
        Slab slab = _slabs[_slab];
        buffer.Assign(slab.Array, slab.Start + _used, length);
        _used += room;
        return new Tensor<T>(buffer, shape);
    }

    /// <summary>Reclaims all memory: every tensor allocated so far is expired.</summary>
    public void Reclaim()
    {
        for (int i = 0; i < Count; i++)
        {
            _buffers[i].Expire();
        }
        Count = _slab = _used = 0;
    }

    private readonly record struct Slab(T[] Array, int Start, int Length);
}
