using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Loads and stores all elements of a lane: the body of a loop.</summary>
internal readonly unsafe struct FullLane<L, T> : ILaneAccess<L, T>
    where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Load(T* source) => L.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L LoadSingles(float* source) => L.LoadSingles(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(L value, T* destination) => L.Store(value, destination);
}
