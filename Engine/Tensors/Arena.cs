using System.Numerics;

namespace Engine;

/// <summary>Memory that is lent piece by piece and taken back all at once: after the first round, the same demands allocate nothing.</summary>
internal sealed class Arena<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Line = 16, SlabLength = 1 << 18;

    private readonly List<Buffer<T>> _buffers = [];
    private readonly List<Slab> _slabs = [];
    private int _lent, _slab, _used;

    /// <summary>A tensor whose elements are undefined, until <see cref="Reset"/>.</summary>
    public Tensor<T> New(in Shape shape)
    {
        if (_lent == _buffers.Count)
        {
            _buffers.Add(new Buffer<T>());
        }
        Buffer<T> buffer = _buffers[_lent++];
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
            _slabs.Add(new Slab(Buffer<T>.Allocate(size, clear: false, out int start), start, size));
            _used = 0;
        }
        Slab slab = _slabs[_slab];
        buffer.Lend(slab.Array, slab.Start + _used, length);
        buffer.Recording = null;
        _used += room;
        return new Tensor<T>(buffer, shape);
    }

    /// <summary>Takes everything back: every tensor lent so far is over.</summary>
    public void Reset()
    {
        for (int i = 0; i < _lent; i++)
        {
            _buffers[i].Expire();
        }
        _lent = _slab = _used = 0;
    }

    private readonly record struct Slab(T[] Array, int Start, int Length);
}
