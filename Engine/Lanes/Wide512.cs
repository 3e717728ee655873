using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine;

/// <summary>A lane of one 512-bit SIMD register.</summary>
internal readonly struct Wide512<T>(Vector512<T> value) : ILane<Wide512<T>, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value = value;

    // not T.CreateTruncating, whose chain of generic calls spends what the compiler may inline into a loop
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Wide512<T>(double value) => typeof(T) == typeof(float)
        ? new(Vector512.Create((float)value).As<float, T>())
        : new(Vector512.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> operator +(Wide512<T> a, Wide512<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> operator -(Wide512<T> a, Wide512<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> operator *(Wide512<T> a, Wide512<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> operator /(Wide512<T> a, Wide512<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> operator -(Wide512<T> a) => new(-a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Sqrt(Wide512<T> x) => new(Vector512.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Abs(Wide512<T> x) => new(Vector512.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Sign(Wide512<T> x) => WhereGreater(x, 0, 1, WhereGreater(0, x, -1, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Max(Wide512<T> a, Wide512<T> b) => new(Vector512.ConditionalSelect(
        Vector512.Equals(a._value, a._value), Larger(a, b)._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Min(Wide512<T> a, Wide512<T> b) => new(Vector512.ConditionalSelect(
        Vector512.Equals(a._value, a._value), Smaller(a, b)._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Exp(Wide512<T> x) => Elementary.Exp<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Log(Wide512<T> x) => Elementary.Log<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Log2(Wide512<T> x) => Elementary.Log2<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Tanh(Wide512<T> x) => Elementary.Tanh<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> ExpM1(Wide512<T> x) => Elementary.ExpM1<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> LogP1(Wide512<T> x) => Elementary.LogP1<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Sin(Wide512<T> x) => Trigonometry.Sin<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Cos(Wide512<T> x) => Trigonometry.Cos<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Atan(Wide512<T> x) => Trigonometry.Atan<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Erf(Wide512<T> x) => ErrorFunction.Of<Wide512<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> NormalDistribution(Wide512<T> x, out Wide512<T> density) =>
        StandardNormal.Of<Wide512<T>, T>(x, out density);

    public static Wide512<T> Pow(Wide512<T> x, Wide512<T> y) => Elementary.PowEach<Wide512<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> WhereGreater(Wide512<T> a, Wide512<T> b, Wide512<T> then, Wide512<T> otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(a._value, b._value), then._value, otherwise._value));

    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide512<T> Load(T* source) => new(Unsafe.ReadUnaligned<Vector512<T>>(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide512<T> LoadSingles(float* source)
    {
        if (typeof(T) == typeof(float))
        {
            return Load((T*)source);
        }
        Vector256<float> singles = Vector256.Load(source);
        return Avx512F.IsSupported
            ? new(Avx512F.ConvertToVector512Double(singles).As<double, T>())
            : new(Vector512.Create(Vector256.WidenLower(singles), Vector256.WidenUpper(singles)).As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(Wide512<T> value, T* destination) => Unsafe.WriteUnaligned(destination, value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreNonTemporal(Wide512<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> FusedMultiplyAdd(Wide512<T> a, Wide512<T> b, Wide512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyGreater(Wide512<T> a, Wide512<T> b) => Vector512.GreaterThanAny(a._value, b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> PowerOfTwo(Wide512<T> n)
    {
        Vector512<T> shifted = (n + Elementary.Magic<T>())._value;
        return typeof(T) == typeof(float)
            ? new((Vector512.ShiftLeft(shifted.As<T, int>(), 23) + Vector512.Create(127 << 23)).As<int, T>())
            : new((Vector512.ShiftLeft(shifted.As<T, long>(), 52) + Vector512.Create(1023L << 52)).As<long, T>());
    }

    /// <remarks>One instruction of x86; those of other processors treat NaN and −0 otherwise.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Larger(Wide512<T> a, Wide512<T> b)
    {
        if (!Avx512F.IsSupported)
        {
            return WhereGreater(a, b, a, b);
        }
        return typeof(T) == typeof(float)
            ? new(Avx512F.Max(a._value.AsSingle(), b._value.AsSingle()).As<float, T>())
            : new(Avx512F.Max(a._value.AsDouble(), b._value.AsDouble()).As<double, T>());
    }

    /// <inheritdoc cref="Larger"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Smaller(Wide512<T> a, Wide512<T> b)
    {
        if (!Avx512F.IsSupported)
        {
            return WhereGreater(b, a, a, b);
        }
        return typeof(T) == typeof(float)
            ? new(Avx512F.Min(a._value.AsSingle(), b._value.AsSingle()).As<float, T>())
            : new(Avx512F.Min(a._value.AsDouble(), b._value.AsDouble()).As<double, T>());
    }

    /// <remarks>One instruction of x86 in place of twelve.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Scale(Wide512<T> x, Wide512<T> n)
    {
        if (!Avx512F.IsSupported)
        {
            return Elementary.Scale<Wide512<T>, T>(x, n);
        }
        return typeof(T) == typeof(float)
            ? new(Avx512F.Scale(x._value.AsSingle(), n._value.AsSingle()).As<float, T>())
            : new(Avx512F.Scale(x._value.AsDouble(), n._value.AsDouble()).As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T> Mantissa(Wide512<T> x, out Wide512<T> e)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<int> bits = x._value.As<T, int>() + Vector512.Create(LaneBits.FloatOne - LaneBits.FloatRootHalf);
            e = new(Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(bits, 23) - Vector512.Create(127)).As<float, T>());
            return new(((bits & Vector512.Create(LaneBits.FloatFraction)) + Vector512.Create(LaneBits.FloatRootHalf)).As<int, T>());
        }
        Vector512<long> longBits = x._value.As<T, long>() + Vector512.Create(LaneBits.DoubleOne - LaneBits.DoubleRootHalf);
        e = new(Vector512.ConvertToDouble(Vector512.ShiftRightArithmetic(longBits, 52) - Vector512.Create(1023L)).As<double, T>());
        return new(((longBits & Vector512.Create(LaneBits.DoubleFraction)) + Vector512.Create(LaneBits.DoubleRootHalf)).As<long, T>());
    }
}
