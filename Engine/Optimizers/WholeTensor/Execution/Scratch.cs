using System.Numerics;

namespace Engine;

/// <summary>
/// Memory for intermediate values of a step: the n-th request of each step gets the same buffer, which only grows.
/// </summary>
internal sealed class Scratch<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Buffer<T>> _buffers = [];
    private int _next;

    /// <summary>Elements whose values are undefined, until <see cref="Reset"/>.</summary>
    public Span<T> Take(int length)
    {
        if (_next == _buffers.Count)
        {
            _buffers.Add(new Buffer<T>(length, clear: false));
        }
        else if (_buffers[_next].Length < length)
        {
            _buffers[_next] = new Buffer<T>(length, clear: false);
        }
        return _buffers[_next++].Span[..length];
    }

    /// <summary>Takes everything back.</summary>
    public void Reset() => _next = 0;
}
