using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>
/// Where a tensor's elements live: a stretch of a pinned array that begins on a cache line. A tape lends the same buffer again in
/// a later step; <see cref="Generation"/> then goes up, so that a tensor of the earlier step is found out.
/// </summary>
internal sealed class Buffer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _array = [];
    private int _start;

    /// <summary>A buffer without elements, for a tape to lend memory to.</summary>
    public Buffer()
    {
    }

    /// <summary>A buffer with memory of its own.</summary>
    public Buffer(int length, bool clear) => Lend(Allocate(length, clear, out int start), start, length);

    public int Length { get; private set; }

    /// <summary>How often the buffer was lent: a tensor with an older number is over.</summary>
    public int Generation { get; private set; }

    /// <summary>Whose gradient the backward walk brings up to date, if this is a parameter's value.</summary>
    public Parameter<T>? Parameter { get; init; }

    /// <summary>The recording this is a result of, and its number there; null if it is not one.</summary>
    public object? Recording { get; set; }

    /// <summary>The number of the node in <see cref="Recording"/>.</summary>
    public int Node { get; set; }

    public Span<T> Span => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start), Length);

    /// <summary>The elements' address, which never changes: the array is pinned. Valid while the buffer is reachable.</summary>
    public unsafe T* Pointer => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) + _start;

    /// <summary>Gives the buffer a new stretch of memory; tensors that had the old one are over.</summary>
    public void Lend(T[] array, int start, int length)
    {
        _array = array;
        _start = start;
        Length = length;
        Generation++;
    }

    /// <summary>Ends the loan: tensors that had it are over.</summary>
    public void Expire() => Generation++;

    /// <summary>A pinned array with room for <paramref name="length"/> elements from the cache line at <paramref name="start"/>.</summary>
    public static unsafe T[] Allocate(int length, bool clear, out int start)
    {
        int line = 64 / sizeof(T);
        T[] array = clear ? GC.AllocateArray<T>(length + line, pinned: true) : GC.AllocateUninitializedArray<T>(length + line, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        start = (int)((64 - (address & 63)) & 63) / sizeof(T);
        return array;
    }
}
