using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Stores all elements of a lane past the caches, for results that <see cref="NonTemporalStores"/> pay for: memory is written without
/// being read first. Where a lane is not aligned it is stored as usual.
/// </summary>
/// <remarks>
/// Such stores become visible in any order until a fence; <see cref="Workers"/> passes each task's results on with an interlocked
/// instruction, which is one.
/// </remarks>
internal readonly unsafe struct NonTemporalLane<L, T> : ILaneAccess<L, T>
    where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Load(T* source) => L.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L LoadSingles(float* source) => L.LoadSingles(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(L value, T* destination)
    {
        if (((nint)destination & (sizeof(L) - 1)) == 0)
        {
            L.StoreNonTemporal(value, destination);
        }
        else
        {
            L.Store(value, destination);
        }
    }
}
