using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// A lane of one number: evaluates a formula as a textbook does, serves as the reference of every test, and runs kernels without SIMD.
/// </summary>
/// <param name="Value">The number.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly record struct Scalar<T>(T Value) : ILane<Scalar<T>, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static implicit operator Scalar<T>(double value) => new(T.CreateTruncating(value));

    /// <inheritdoc/>
    public static Scalar<T> operator +(Scalar<T> a, Scalar<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    public static Scalar<T> operator -(Scalar<T> a, Scalar<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    public static Scalar<T> operator *(Scalar<T> a, Scalar<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    public static Scalar<T> operator /(Scalar<T> a, Scalar<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    public static Scalar<T> operator -(Scalar<T> a) => new(-a.Value);

    /// <inheritdoc/>
    public static Scalar<T> Sqrt(Scalar<T> x) => new(T.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Scalar<T> Abs(Scalar<T> x) => new(T.Abs(x.Value));

    /// <inheritdoc/>
    public static Scalar<T> Sign(Scalar<T> x) => new(x.Value > T.Zero ? T.One : x.Value < T.Zero ? -T.One : x.Value);

    /// <inheritdoc/>
    public static Scalar<T> Max(Scalar<T> a, Scalar<T> b) => a.Value > b.Value || T.IsNaN(a.Value) ? a : b;

    /// <inheritdoc/>
    public static Scalar<T> Min(Scalar<T> a, Scalar<T> b) => a.Value < b.Value || T.IsNaN(a.Value) ? a : b;

    /// <inheritdoc/>
    public static Scalar<T> Exp(Scalar<T> x) => Elementary.Exp<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> Log(Scalar<T> x) => Elementary.Log<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> Log2(Scalar<T> x) => Elementary.Log2<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> Tanh(Scalar<T> x) => Elementary.Tanh<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> ExpM1(Scalar<T> x) => Elementary.ExpM1<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> LogP1(Scalar<T> x) => Elementary.LogP1<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> Sin(Scalar<T> x) => Trigonometry.Sin<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> Cos(Scalar<T> x) => Trigonometry.Cos<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> Atan(Scalar<T> x) => Trigonometry.Atan<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> Erf(Scalar<T> x) => ErrorFunction.Of<Scalar<T>, T>(x);

    /// <inheritdoc/>
    public static Scalar<T> NormalDistribution(Scalar<T> x, out Scalar<T> density) =>
        StandardNormal.Of<Scalar<T>, T>(x, out density);

    /// <inheritdoc/>
    public static Scalar<T> Pow(Scalar<T> x, Scalar<T> y) =>
        new(T.CreateTruncating(Power.Of(double.CreateTruncating(x.Value), double.CreateTruncating(y.Value))));

    /// <inheritdoc/>
    public static Scalar<T> WhereGreater(Scalar<T> a, Scalar<T> b, Scalar<T> then, Scalar<T> otherwise) =>
        a.Value > b.Value ? then : otherwise;

    static int ILane<Scalar<T>, T>.Count => 1;

    static unsafe Scalar<T> ILane<Scalar<T>, T>.Load(T* source) => new(*source);

    static unsafe Scalar<T> ILane<Scalar<T>, T>.LoadSingles(float* source) => new(T.CreateTruncating(*source));

    static unsafe void ILane<Scalar<T>, T>.Store(Scalar<T> value, T* destination) => *destination = value.Value;

    static unsafe void ILane<Scalar<T>, T>.StoreNonTemporal(Scalar<T> value, T* destination) => *destination = value.Value;

    static Scalar<T> ILane<Scalar<T>, T>.Broadcast(T value) => new(value);

    static Scalar<T> ILane<Scalar<T>, T>.FusedMultiplyAdd(Scalar<T> a, Scalar<T> b, Scalar<T> c) =>
        new(T.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    static bool ILane<Scalar<T>, T>.AnyGreater(Scalar<T> a, Scalar<T> b) => a.Value > b.Value;

    static Scalar<T> ILane<Scalar<T>, T>.PowerOfTwo(Scalar<T> n)
    {
        T shifted = n.Value + T.CreateTruncating(Elementary.Magic<T>());
        if (typeof(T) == typeof(float))
        {
            int bits = (BitConverter.SingleToInt32Bits((float)(object)shifted) << 23) + (127 << 23);
            return new((T)(object)BitConverter.Int32BitsToSingle(bits));
        }
        long longBits = (BitConverter.DoubleToInt64Bits((double)(object)shifted) << 52) + (1023L << 52);
        return new((T)(object)BitConverter.Int64BitsToDouble(longBits));
    }

    static Scalar<T> ILane<Scalar<T>, T>.Larger(Scalar<T> a, Scalar<T> b) => a.Value > b.Value ? a : b;

    static Scalar<T> ILane<Scalar<T>, T>.Smaller(Scalar<T> a, Scalar<T> b) => a.Value < b.Value ? a : b;

    static Scalar<T> ILane<Scalar<T>, T>.Scale(Scalar<T> x, Scalar<T> n) => Elementary.Scale<Scalar<T>, T>(x, n);

    static Scalar<T> ILane<Scalar<T>, T>.Mantissa(Scalar<T> x, out Scalar<T> e)
    {
        if (typeof(T) == typeof(float))
        {
            int bits = BitConverter.SingleToInt32Bits((float)(object)x.Value) + (LaneBits.FloatOne - LaneBits.FloatRootHalf);
            e = new((T)(object)(float)((bits >> 23) - 127));
            return new((T)(object)BitConverter.Int32BitsToSingle((bits & LaneBits.FloatFraction) + LaneBits.FloatRootHalf));
        }
        long longBits = BitConverter.DoubleToInt64Bits((double)(object)x.Value) + (LaneBits.DoubleOne - LaneBits.DoubleRootHalf);
        e = new((T)(object)(double)((longBits >> 52) - 1023));
        return new((T)(object)BitConverter.Int64BitsToDouble((longBits & LaneBits.DoubleFraction) + LaneBits.DoubleRootHalf));
    }

    /// <summary>The shortest text that parses to the same number.</summary>
    public override string ToString() => Value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
