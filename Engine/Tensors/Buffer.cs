using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>
/// The memory of a tensor: a segment of a pinned array that begins on a cache line. An arena reuses its buffers in the next recording;
/// the <see cref="Generation"/> then increases, so that a tensor of the previous recording is recognized as expired.
/// </summary>
internal sealed class Buffer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The <see cref="Node"/> of a buffer that no recorded operation has computed.</summary>
    public const int NoNode = -1;

    private T[] _array = [];
    private int _start;

    /// <summary>A buffer without elements, which its arena assigns memory to.</summary>
    public Buffer(Arena<T> arena, int ordinal)
    {
        Arena = arena;
        Ordinal = ordinal;
    }

    /// <summary>A buffer with memory of its own.</summary>
    public Buffer(int length, bool clear) => Assign(AllocatePinned(length, clear, out int start), start, length);

    public int Length { get; private set; }

    /// <summary>How often the buffer was assigned memory or expired: a tensor with another number is expired.</summary>
    public int Generation { get; private set; }

    /// <summary>The parameter whose value this is, if it is one.</summary>
    public Parameter<T>? Parameter { get; init; }

    /// <summary>The arena that reclaims this buffer; null if it has memory of its own.</summary>
    public Arena<T>? Arena { get; }

    /// <summary>The buffer's number in its arena, in the order of allocation.</summary>
    public int Ordinal { get; }

    /// <summary>
    /// The number of the recorded operation whose result this is, on the tape that owns <see cref="Arena"/>; <see cref="NoNode"/> if it is
    /// not one.
    /// </summary>
    public int Node { get; set; } = NoNode;

    /// <summary>Whether the backward pass accumulates a gradient in this buffer.</summary>
    public bool IsGradient { get; set; }

    public Span<T> Span => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start), Length);

    /// <summary>The elements' address, which never changes: the array is pinned. Valid while the buffer is reachable.</summary>
    public unsafe T* Pointer => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) + _start;

    /// <summary>Assigns a new segment of memory; tensors in the previous one are expired.</summary>
    public void Assign(T[] array, int start, int length)
    {
        _array = array;
        _start = start;
        Length = length;
        Node = NoNode;
        IsGradient = false;
        Generation++;
    }

    /// <summary>Makes the tensors that use this buffer expired.</summary>
    public void Expire() => Generation++;

    /// <summary>A pinned array with room for <paramref name="length"/> elements from the cache line at <paramref name="start"/>.</summary>
    public static unsafe T[] AllocatePinned(int length, bool clear, out int start)
    {
        int line = 64 / sizeof(T);
        T[] array = clear
            ? GC.AllocateArray<T>(length + line, pinned: true)
            : GC.AllocateUninitializedArray<T>(length + line, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        start = (int)((64 - (address & 63)) & 63) / sizeof(T);
        return array;
    }
}
