using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>
/// The memory of a tensor: a segment of an array. An arena reuses its buffers in the next recording; the <see cref="Generation"/> then
/// increases, so that a tensor of the previous recording is recognized as expired.
/// </summary>
internal sealed class Buffer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The <see cref="Node"/> of a buffer that no recorded operation has computed.</summary>
    public const int NoNode = -1;

    /// <summary>As many elements as fill at least one cache line, whatever their type.</summary>
    public const int Line = 16;

    /// <summary>Arrays from this size on are collected with the oldest generation wherever they are.</summary>
    private const int LargeObjectBytes = 80_000;

    /// <summary>The bytes from which on arrays begin at different offsets, and the distance between the sixteen offsets.</summary>
    private const nint Distinguished = 8 << 20, Offset = (32 << 10) + (1 << 10);

    /// <summary>The bytes from which on arrays begin at different eighths of a page.</summary>
    private const nint SeveralPages = 16 << 10, EighthOfPage = 1 << 9;

    private static int s_large, s_medium;

    private T[] _array = [];
    private int _start;

    /// <summary>A buffer without elements, which its arena assigns memory to.</summary>
    public Buffer(Arena<T> arena, int ordinal)
    {
        Arena = arena;
        Ordinal = ordinal;
    }

    /// <summary>A buffer with memory of its own at an address that never changes.</summary>
    public Buffer(int length, bool clear) => Assign(AllocatePinned(length, clear, out int start), start, length);

    private Buffer(T[] array) => Assign(array, 0, array.Length);

    public int Length { get; private set; }

    /// <summary>How often the buffer was assigned memory or expired: a tensor with another number is expired.</summary>
    public int Generation { get; private set; }

    /// <summary>How often the elements were written: a parameter whose number has changed has another value.</summary>
    public int Version { get; set; }

    /// <summary>The parameter whose value this is, if it is one.</summary>
    public Parameter<T>? Parameter { get; init; }

    /// <summary>The parameter whose gradient this is, if it is one.</summary>
    public Parameter<T>? GradientOf { get; init; }

    /// <summary>Whether the elements change while tensors still use them, other than by training: a recording keeps a copy.</summary>
    public bool IsMutable { get; init; }

    /// <summary>Whether the next batch of a data set is written in the place of this one.</summary>
    public bool IsBatch { get; init; }

    /// <summary>The arena that reclaims this buffer; null if it has memory of its own.</summary>
    public Arena<T>? Arena { get; }

    /// <summary>The buffer's number in its arena, in the order of allocation.</summary>
    public int Ordinal { get; }

    /// <summary>
    /// The number of the recorded operation whose result this is, on the tape that owns <see cref="Arena"/>; <see cref="NoNode"/> if it is
    /// not one.
    /// </summary>
    public int Node { get; set; } = NoNode;

    /// <summary>
    /// When the elements were computed from a parameter without a tape: the number of recordings begun until then, on all threads; 0 if
    /// they were not.
    /// </summary>
    public long ComputedAt { get; set; }

    /// <summary>Whether the backward pass accumulates a gradient in this buffer.</summary>
    public bool IsGradient { get; set; }

    public Span<T> Span => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start), Length);

    /// <summary>The elements' address. Valid while the buffer is reachable, and only where the array is pinned.</summary>
    public unsafe T* Pointer => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) + _start;

    /// <summary>
    /// A buffer for a result that owns its memory and that nobody takes the address of: a small one is on the ordinary heap, where it is
    /// collected young, while each pinned array brings a collection of the oldest generation nearer.
    /// </summary>
    public static Buffer<T> ForResult(int length, bool clear)
    {
        ElementType.Check<T>();
        return (long)length * Unsafe.SizeOf<T>() >= LargeObjectBytes
            ? new Buffer<T>(length, clear)
            : new Buffer<T>(clear ? new T[length] : GC.AllocateUninitializedArray<T>(length));
    }

    /// <summary>Assigns a new segment of memory; tensors in the previous one are expired.</summary>
    public void Assign(T[] array, int start, int length)
    {
        if (!ReferenceEquals(_array, array)) // storing a reference goes through the garbage collector's write barrier
        {
            _array = array;
        }
        _start = start;
        Length = length;
        Node = NoNode;
        IsGradient = false;
        Generation++;
    }

    /// <summary>Uses the beginning of the same memory for other elements; tensors with the previous ones are expired.</summary>
    /// <param name="length">At most the length at first.</param>
    public void Reuse(int length) => Assign(_array, _start, length);

    /// <summary>Makes the tensors that use this buffer expired.</summary>
    public void Expire() => Generation++;

    /// <summary>Gives up the memory.</summary>
    public void Release() => Assign([], 0, 0);

    /// <summary>Counts a change of the elements.</summary>
    public void MarkWritten() => Version++;

    /// <summary>
    /// A pinned array with room for <paramref name="length"/> elements from <paramref name="start"/> on, where a cache line begins.
    /// </summary>
    /// <remarks>
    /// Arrays of several pages begin at different eighths of a page: a loop over arrays that lie a little more than whole pages apart loads
    /// from addresses whose last twelve bits are those of stores under way, and waits for them. Large arrays would all begin at the same
    /// offset in a megabyte, because the heap aligns them. Zen processors guess the way of the first-level cache from a hash of address
    /// bits 12 to 27, and streams of the same hash evict each other; so each large array begins at an offset of its own.
    /// </remarks>
    public static unsafe T[] AllocatePinned(int length, bool clear, out int start)
    {
        ElementType.Check<T>();
        nint bytes = (nint)length * sizeof(T), alignment = 64, offset = 0;
        bool isSpread = bytes >= SeveralPages && length < Array.MaxLength - 16 * Offset, isLarge = isSpread && bytes >= Distinguished;
        if (isSpread)
        {
            alignment = EighthOfPage;
            offset = isLarge
                ? (Interlocked.Increment(ref s_large) & 15) * Offset
                : (Interlocked.Increment(ref s_medium) & 7) * EighthOfPage;
        }
        int padded = checked(length + (int)((offset + alignment) / sizeof(T)));
        T[] array = clear ? GC.AllocateArray<T>(padded, pinned: true) : GC.AllocateUninitializedArray<T>(padded, pinned: true);
        void* memory = Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        if (isLarge)
        {
            HugePages.Advise(memory, (nint)padded * sizeof(T));
        }
        nint address = (nint)memory;
        start = (int)((-address & (alignment - 1)) + offset) / sizeof(T);
        return array;
    }
}
