using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>
/// Loads and stores the first <paramref name="count"/> elements of a lane: the tail of a loop, which goes through the same arithmetic as
/// the body.
/// </summary>
internal readonly unsafe struct PartialLane<L, T>(int count) : ILaneAccess<L, T>
    where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector256<T> _lower = Mask(count), _upper = Mask(count - Vector256<T>.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Load(T* source)
    {
        if (Avx.IsSupported && sizeof(L) == 32)
        {
            return Unsafe.BitCast<Vector256<T>, L>(Load(source, _lower));
        }
        if (Avx.IsSupported && sizeof(L) == 64)
        {
            return Unsafe.BitCast<Vector512<T>, L>(Vector512.Create(Load(source, _lower), Load(source + Vector256<T>.Count, _upper)));
        }
        T* buffer = stackalloc T[L.Count];
        for (int i = 0; i < L.Count; i++)
        {
            buffer[i] = i < count ? source[i] : T.Zero;
        }
        return L.Load(buffer);
    }

    public L LoadSingles(float* source)
    {
        float* buffer = stackalloc float[L.Count];
        for (int i = 0; i < L.Count; i++)
        {
            buffer[i] = i < count ? source[i] : 0;
        }
        return L.LoadSingles(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(L value, T* destination)
    {
        if (Avx.IsSupported && sizeof(L) == 32)
        {
            Store(Unsafe.BitCast<L, Vector256<T>>(value), destination, _lower);
            return;
        }
        if (Avx.IsSupported && sizeof(L) == 64)
        {
            Store(Unsafe.BitCast<L, Vector512<T>>(value).GetLower(), destination, _lower);
            Store(Unsafe.BitCast<L, Vector512<T>>(value).GetUpper(), destination + Vector256<T>.Count, _upper);
            return;
        }
        T* buffer = stackalloc T[L.Count];
        L.Store(value, buffer);
        for (int i = 0; i < count; i++)
        {
            destination[i] = buffer[i];
        }
    }

    /// <summary>All bits of the first <paramref name="count"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Mask(int count) => typeof(T) == typeof(float)
        ? Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).As<int, T>()
        : Vector256.GreaterThan(Vector256.Create((long)count), Vector256<long>.Indices).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Load(T* source, Vector256<T> mask) => typeof(T) == typeof(float)
        ? Avx.MaskLoad((float*)source, mask.AsSingle()).As<float, T>()
        : Avx.MaskLoad((double*)source, mask.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<T> value, T* destination, Vector256<T> mask)
    {
        if (typeof(T) == typeof(float))
        {
            Avx.MaskStore((float*)destination, mask.AsSingle(), value.AsSingle());
        }
        else
        {
            Avx.MaskStore((double*)destination, mask.AsDouble(), value.AsDouble());
        }
    }
}
