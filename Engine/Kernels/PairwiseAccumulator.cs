using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Adds the sums of blocks pairwise, neighbors first, while they arrive: the sums on the stack belong to 2ᵏ blocks each, with k as in the
/// binary digits of the number of blocks so far.
/// </summary>
/// <param name="stack">Memory for <see cref="Capacity"/> elements.</param>
internal unsafe ref struct PairwiseAccumulator<L, T>(T* stack)
    where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The elements that 2³¹ blocks need in the widest lane, of 64 bytes.</summary>
    public static int Capacity => 31 * 64 / sizeof(T);

    private readonly T* _bottom = stack;
    private T* _top = stack;
    private uint _blocks;

    /// <summary>Adds the sum of the next block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(L sum)
    {
        for (uint blocks = _blocks++; (blocks & 1) != 0; blocks >>= 1)
        {
            _top -= L.Count;
            sum = L.Load(_top) + sum;
        }
        L.Store(sum, _top);
        _top += L.Count;
    }

    /// <summary>The sum of all blocks, of which there must be one at least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Total()
    {
        T* next = _top - L.Count;
        L sum = L.Load(next);
        while (next != _bottom)
        {
            next -= L.Count;
            sum = L.Load(next) + sum;
        }
        return sum;
    }
}
