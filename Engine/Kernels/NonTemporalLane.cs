using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Stores all elements of a lane past the caches, for results large enough for it to pay off (<see cref="NonTemporalStores"/>): memory is
/// written without being read first. A lane that is not aligned is stored as usual.
/// </summary>
/// <remarks>
/// Such stores become visible to other threads in any order until a fence, with which each kernel ends its range.
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
