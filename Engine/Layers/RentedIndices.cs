using System.Buffers;

namespace Engine;

/// <summary>Memory for indices that is returned when it is disposed.</summary>
internal readonly ref struct RentedIndices(int length) : IDisposable
{
    private readonly int[] _memory = ArrayPool<int>.Shared.Rent(length);

    /// <summary>The indices.</summary>
    public Span<int> Span => _memory.AsSpan(0, length);

    public void Dispose() => ArrayPool<int>.Shared.Return(_memory);
}
