using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>y ← f(a + b).</summary>
internal readonly unsafe struct MapOfSum<TFunction, T>(TFunction function, T* a, T* b, T* y) : IElementKernel<T>
    where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L, TAccess>(nint i, TAccess memory)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
        memory.Store(function.Value(memory.Load(a + i) + memory.Load(b + i)), y + i);
}
