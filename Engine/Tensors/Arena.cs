using System.Numerics;

namespace Engine;

/// <summary>
/// Memory that is allocated piece by piece and reclaimed all at once: after the first rounds, the same requests allocate nothing on the
/// heap.
/// </summary>
/// <remarks>
/// The memory is a few slabs, which are used up in order. When rounds outgrow them, or become much smaller, all slabs are dropped, and
/// the next round allocates new ones by plan: the arena never keeps more than about twice what the largest of the last rounds needed.
/// </remarks>
internal sealed class Arena<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int SmallestSlab = 1 << 18, LargestSlab = 1 << 30;

    /// <summary>How many rounds make a window; what the largest round needed is remembered for one window to two.</summary>
    private const int Window = 8;

    private readonly List<Buffer<T>> _buffers = [];
    private readonly List<Slab> _slabs = [];
    private int _slab, _rounds;

    // in elements: of the current slab, of the current round, of the largest round in this window and in the one before, of the next slabs
    private long _used, _needed, _largest, _largestBefore, _planned;
    private bool _hasOutgrownPlan;

    public Arena() => ElementType.Check<T>();

    /// <summary>Whether the tape that owns the arena is recording.</summary>
    public bool IsRecording { get; set; }

    /// <summary>How many buffers are allocated: the <see cref="Buffer{T}.Ordinal"/> of the next one.</summary>
    public int Count { get; private set; }

    /// <summary>The elements in all slabs.</summary>
    public long Capacity { get; private set; }

    /// <summary>A tensor with undefined elements, valid until <see cref="Reclaim"/>.</summary>
    public Tensor<T> Allocate(in Shape shape)
    {
        int length = shape.Length;
        long room = RoomFor(length);
        while (_slab < _slabs.Count && !Fits(_used, room, _slabs[_slab].Length))
        {
            _slab++;
            _used = 0;
        }
        if (_slab == _slabs.Count)
        {
            AddSlab(room);
        }
        if (Count == _buffers.Count)
        {
            _buffers.Add(new Buffer<T>(this, Count));
        }
        Buffer<T> buffer = _buffers[Count++];
        Slab slab = _slabs[_slab];
        buffer.Assign(slab.Array, slab.Start + (int)_used, length);
        _used += room;
        _needed += room;
        return new Tensor<T>(buffer, shape);
    }

    /// <summary>Reclaims all memory: every tensor allocated so far is expired.</summary>
    /// <returns>Whether memory was given up because the last rounds needed much less.</returns>
    public bool Reclaim()
    {
        for (int i = 0; i < Count; i++)
        {
            _buffers[i].Expire();
        }
        Count = _slab = 0;
        _largest = Math.Max(_largest, _needed);
        _used = _needed = 0;
        long largest = Math.Max(_largest, _largestBefore);
        if (++_rounds == Window)
        {
            (_largestBefore, _largest, _rounds) = (_largest, 0, 0);
        }
        long plan = largest + largest / 4;
        bool hasGrown = _hasOutgrownPlan && _slabs.Count > 1 && plan > _planned;
        bool hasShrunk = Capacity > Math.Max(2 * largest, SmallestSlab);
        if (hasGrown || hasShrunk)
        {
            DropSlabs();
            _planned = plan;
        }
        _hasOutgrownPlan = false;
        return hasShrunk;
    }

    /// <summary>The elements that a piece takes up: it begins on a cache line of its own.</summary>
    internal static long RoomFor(int length) => ((long)length + Buffer<T>.Line - 1) & -Buffer<T>.Line;

    /// <summary>Whether a slab of <paramref name="length"/> elements has so much room after <paramref name="used"/> of them.</summary>
    internal static bool Fits(long used, long room, int length) => used + room <= length;

    private void AddSlab(long room)
    {
        long least = Math.Max(room, SmallestSlab), missing = _planned - Capacity;
        int length = (int)Math.Clamp(missing, least, Math.Max(room, LargestSlab));
        _slabs.Add(new Slab(Buffer<T>.AllocatePinned(length, clear: false, out int start), start, length));
        Capacity += length;
        _hasOutgrownPlan |= missing <= 0;
        _used = 0;
    }

    private void DropSlabs()
    {
        // an expired tensor that somebody keeps must not keep a slab
        foreach (Buffer<T> buffer in _buffers)
        {
            buffer.Release();
        }
        _buffers.Clear();
        _slabs.Clear();
        Capacity = 0;
    }

    private readonly record struct Slab(T[] Array, int Start, int Length);
}
