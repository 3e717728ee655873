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
    public void Add(L sum) => Add<SumFold>(sum);

    /// <summary>Adds the result of the next block of a reduction that need not be a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add<TFold>(L result) where TFold : struct, IFold
    {
        for (uint blocks = _blocks++; (blocks & 1) != 0; blocks >>= 1)
        {
            _top -= L.Count;
            result = TFold.Of(L.Load(_top), result);
        }
        L.Store(result, _top);
        _top += L.Count;
    }

    /// <summary>The sum of all blocks, of which there must be one at least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Total() => Total<SumFold>();

    /// <summary>The result of all blocks, of which there must be one at least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Total<TFold>() where TFold : struct, IFold
    {
        T* next = _top - L.Count;
        L result = L.Load(next);
        while (next != _bottom)
        {
            next -= L.Count;
            result = TFold.Of(L.Load(next), result);
        }
        return result;
    }
}
