using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine;

/// <summary>A lane of one SIMD register of the machine's width (<see cref="Vector{T}"/>: 128 or 256 bits).</summary>
internal readonly struct Wide<T>(Vector<T> value) : ILane<Wide<T>, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Vector<T> _value = value;

    // not T.CreateTruncating, whose chain of generic calls spends what the compiler may inline into a loop
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Wide<T>(double value) => typeof(T) == typeof(float)
        ? new(Vector.Create((float)value).As<float, T>())
        : new(Vector.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator +(Wide<T> a, Wide<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator -(Wide<T> a, Wide<T> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator *(Wide<T> a, Wide<T> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator /(Wide<T> a, Wide<T> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> operator -(Wide<T> a) => new(-a._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Sqrt(Wide<T> x) => new(Vector.SquareRoot(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Abs(Wide<T> x) => new(Vector.Abs(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Sign(Wide<T> x) => WhereGreater(x, 0, 1, WhereGreater(0, x, -1, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Max(Wide<T> a, Wide<T> b) => new(Vector.ConditionalSelect(
        Vector.Equals(a._value, a._value), Larger(a, b)._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Min(Wide<T> a, Wide<T> b) => new(Vector.ConditionalSelect(
        Vector.Equals(a._value, a._value), Smaller(a, b)._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Exp(Wide<T> x) => Elementary.Exp<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Log(Wide<T> x) => Elementary.Log<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Log2(Wide<T> x) => Elementary.Log2<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Tanh(Wide<T> x) => Elementary.Tanh<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> ExpM1(Wide<T> x) => Elementary.ExpM1<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> LogP1(Wide<T> x) => Elementary.LogP1<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Sin(Wide<T> x) => Trigonometry.Sin<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Cos(Wide<T> x) => Trigonometry.Cos<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Atan(Wide<T> x) => Trigonometry.Atan<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Erf(Wide<T> x) => ErrorFunction.Of<Wide<T>, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> NormalDistribution(Wide<T> x, out Wide<T> density) =>
        StandardNormal.Of<Wide<T>, T>(x, out density);

    public static Wide<T> Pow(Wide<T> x, Wide<T> y) => Elementary.PowEach<Wide<T>, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> WhereGreater(Wide<T> a, Wide<T> b, Wide<T> then, Wide<T> otherwise) =>
        new(Vector.ConditionalSelect(Vector.GreaterThan(a._value, b._value), then._value, otherwise._value));

    public static int Count => Vector<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide<T> Load(T* source) => new(Unsafe.ReadUnaligned<Vector<T>>(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide<T> LoadSingles(float* source)
    {
        if (typeof(T) == typeof(float))
        {
            return Load((T*)source);
        }
        return Avx.IsSupported && Vector<T>.Count == 4
            ? new(Avx.ConvertToVector256Double(Vector128.Load(source)).AsVector().As<double, T>())
            : new(Vector.WidenLower(Vector128.Create(Vector64.Load(source), default).AsVector()).As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(Wide<T> value, T* destination) => Unsafe.WriteUnaligned(destination, value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreNonTemporal(Wide<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Broadcast(T value) => new(Vector.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> FusedMultiplyAdd(Wide<T> a, Wide<T> b, Wide<T> c) => typeof(T) == typeof(float)
        ? new(Vector.FusedMultiplyAdd(a._value.As<T, float>(), b._value.As<T, float>(), c._value.As<T, float>()).As<float, T>())
        : new(Vector.FusedMultiplyAdd(a._value.As<T, double>(), b._value.As<T, double>(), c._value.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyGreater(Wide<T> a, Wide<T> b) => Vector.GreaterThanAny(a._value, b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> PowerOfTwo(Wide<T> n)
    {
        Vector<T> shifted = (n + Elementary.Magic<T>())._value;
        return typeof(T) == typeof(float)
            ? new((Vector.ShiftLeft(shifted.As<T, int>(), 23) + Vector.Create(127 << 23)).As<int, T>())
            : new((Vector.ShiftLeft(shifted.As<T, long>(), 52) + Vector.Create(1023L << 52)).As<long, T>());
    }

    /// <remarks>One instruction of x86; those of other processors treat NaN and −0 otherwise.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Larger(Wide<T> a, Wide<T> b)
    {
        if (!Avx.IsSupported || Vector<byte>.Count != Vector256<byte>.Count)
        {
            return WhereGreater(a, b, a, b);
        }
        return typeof(T) == typeof(float)
            ? new(Avx.Max(a._value.As<T, float>().AsVector256(), b._value.As<T, float>().AsVector256()).AsVector().As<float, T>())
            : new(Avx.Max(a._value.As<T, double>().AsVector256(), b._value.As<T, double>().AsVector256()).AsVector().As<double, T>());
    }

    /// <inheritdoc cref="Larger"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Smaller(Wide<T> a, Wide<T> b)
    {
        if (!Avx.IsSupported || Vector<byte>.Count != Vector256<byte>.Count)
        {
            return WhereGreater(b, a, a, b);
        }
        return typeof(T) == typeof(float)
            ? new(Avx.Min(a._value.As<T, float>().AsVector256(), b._value.As<T, float>().AsVector256()).AsVector().As<float, T>())
            : new(Avx.Min(a._value.As<T, double>().AsVector256(), b._value.As<T, double>().AsVector256()).AsVector().As<double, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Scale(Wide<T> x, Wide<T> n) => Elementary.Scale<Wide<T>, T>(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<T> Mantissa(Wide<T> x, out Wide<T> e)
    {
        if (typeof(T) == typeof(float))
        {
            Vector<int> bits = x._value.As<T, int>() + Vector.Create(LaneBits.FloatOne - LaneBits.FloatRootHalf);
            e = new(Vector.ConvertToSingle(Vector.ShiftRightArithmetic(bits, 23) - Vector.Create(127)).As<float, T>());
            return new(((bits & Vector.Create(LaneBits.FloatFraction)) + Vector.Create(LaneBits.FloatRootHalf)).As<int, T>());
        }
        Vector<long> longBits = x._value.As<T, long>() + Vector.Create(LaneBits.DoubleOne - LaneBits.DoubleRootHalf);
        e = new(Vector.ConvertToDouble(Vector.ShiftRightArithmetic(longBits, 52) - Vector.Create(1023L)).As<double, T>());
        return new(((longBits & Vector.Create(LaneBits.DoubleFraction)) + Vector.Create(LaneBits.DoubleRootHalf)).As<long, T>());
    }
}
