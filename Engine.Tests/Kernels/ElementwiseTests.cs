using System.Numerics;
using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Laws of every formula in every lane.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed unsafe class ElementwiseTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Room = 256, Guards = 5;
    private static readonly T s_sentinel = T.CreateTruncating(-12345.678);

    /// <summary>What every place of a register must be able to hold; a prime number of values, so that each meets each place.</summary>
    private static readonly T[] s_pool = Pool();

    [Test]
    public void All_formulas_are_found() =>
        Assert.That(
            FunctionCase<T>.All.Select(static f => f.Name),
            Is.SupersetOf((string[])["Abs", "Exp", "Log", "Negate", "Relu", "Sigmoid", "Sqrt", "Square", "Tanh"]));

    /// <summary>
    /// A tail with other arithmetic, a value that depends on its place, a lane member that rounds otherwise or treats ±0, NaN, ±∞ or a
    /// denormal otherwise, a write beyond the end.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void Every_length_lane_and_offset_gives_the_bits_of_one_number_alone([Values] Lane lane, [Values] bool inPlace)
    {
        T[] x = GC.AllocateArray<T>(Room + 2 * Guards, pinned: true), y = GC.AllocateArray<T>(Room + 2 * Guards, pinned: true);
        foreach (FunctionCase<T> formula in FunctionCase<T>.All)
        {
            T[] alone = Alone(formula);
            for (int length = 0; length <= Room; length++)
            {
                int offset = 1 + length % (Guards - 1);
                T[] target = inPlace ? x : y;
                x.AsSpan().Fill(s_sentinel);
                target.AsSpan().Fill(s_sentinel);
                T[] expected = new T[length];
                for (int i = 0; i < length; i++)
                {
                    int number = (i + 31 * length) % s_pool.Length;
                    x[offset + i] = s_pool[number];
                    expected[i] = alone[number];
                }
                fixed (T* px = &x[offset], py = &target[offset])
                {
                    formula.Map(lane, px, py, length);
                }
                string what = $"{formula.Name}, length {length}";
                SameBits.Check(target.AsSpan(offset, length), expected, what);
                Assert.That(target.AsSpan(0, offset).IndexOfAnyExcept(s_sentinel), Is.EqualTo(-1), what);
                Assert.That(target.AsSpan(offset + length).IndexOfAnyExcept(s_sentinel), Is.EqualTo(-1), what);
            }
        }
    }

    /// <summary>The same for the backward pass, whose result may overwrite g.</summary>
    [Test]
    [Category("Slow")]
    public void Every_length_and_lane_gives_the_derivative_of_one_number_alone([Values] Lane lane)
    {
        foreach (FunctionCase<T> formula in FunctionCase<T>.All)
        {
            T[] y = Alone(formula), dx = new T[s_pool.Length];
            T[] g = [.. Enumerable.Range(0, s_pool.Length).Select(static i => T.CreateTruncating(0.25 * (i % 9 - 4) + 0.125))];
            for (int i = 0; i < s_pool.Length; i++)
            {
                fixed (T* px = &s_pool[i], py = &y[i], pg = &g[i], pd = &dx[i])
                {
                    formula.MapBackward(Lane.Scalar, px, py, pg, pd, 1);
                }
            }
            for (int length = 0; length <= s_pool.Length; length++)
            {
                T[] work = [.. g, s_sentinel];
                fixed (T* px = s_pool, py = y, pg = work)
                {
                    formula.MapBackward(lane, px, py, pg, pg, length);
                }
                SameBits.Check<T>(work.AsSpan(0, length), dx.AsSpan(0, length), $"{formula.Name}, length {length}");
                SameBits.Check<T>(work.AsSpan(length), [.. g[length..], s_sentinel], $"{formula.Name} beyond length {length}");
            }
        }
    }

    /// <summary>A part that is left out, done twice or begins elsewhere when threads share the work.</summary>
    [Test]
    [Category("Slow")]
    public void Threads_change_nothing([Values(1, 2, 7)] int threads)
    {
        int length = 3 * Kernel.ParallelThreshold + 77;
        T[] x = [.. Enumerable.Range(0, length).Select(static i => s_pool[i % s_pool.Length])], y = new T[length];
        using (Threads.Set(threads))
        {
            foreach (FunctionCase<T> formula in FunctionCase<T>.All)
            {
                T[] alone = Alone(formula);
                formula.Map(x, y);
                SameBits.Check(y, [.. Enumerable.Range(0, length).Select(i => alone[i % s_pool.Length])], formula.Name);
            }
        }
    }

    [Test]
    public void Different_lengths_throw_and_change_nothing()
    {
        T[] y = [T.One, T.One];
        Assert.Throws<ArgumentException>(() => Elementwise.Map<ExpFunction, T>(default, new T[3], y));
        Assert.That(y, Is.EqualTo((T[])[T.One, T.One]));
    }

    /// <summary>
    /// Values that PyTorch and IEEE 754 fix; a Relu by comparison would turn NaN into 0, a Tanh by exponentials alone would lose −0.
    /// </summary>
    [TestCase("Relu", double.NaN, double.NaN)]
    [TestCase("Relu", -3.0, 0.0)]
    [TestCase("Relu", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Abs", -0.0, 0.0)]
    [TestCase("Abs", double.NegativeInfinity, double.PositiveInfinity)]
    [TestCase("Negate", 0.0, -0.0)]
    [TestCase("Negate", -0.0, 0.0)]
    [TestCase("Sqrt", -1.0, double.NaN)]
    [TestCase("Sqrt", -0.0, -0.0)]
    [TestCase("Square", double.NegativeInfinity, double.PositiveInfinity)]
    [TestCase("Exp", 0.0, 1.0)]
    [TestCase("Exp", 1000.0, double.PositiveInfinity)]
    [TestCase("Exp", -1000.0, 0.0)]
    [TestCase("Exp", double.NegativeInfinity, 0.0)]
    [TestCase("Exp", double.NaN, double.NaN)]
    [TestCase("Log", 1.0, 0.0)]
    [TestCase("Log", 0.0, double.NegativeInfinity)]
    [TestCase("Log", -0.0, double.NegativeInfinity)]
    [TestCase("Log", -1.0, double.NaN)]
    [TestCase("Log", double.NegativeInfinity, double.NaN)]
    [TestCase("Log", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Log", double.NaN, double.NaN)]
    [TestCase("Tanh", -0.0, -0.0)]
    [TestCase("Tanh", 0.0, 0.0)]
    [TestCase("Tanh", 1000.0, 1.0)]
    [TestCase("Tanh", double.NegativeInfinity, -1.0)]
    [TestCase("Tanh", double.NaN, double.NaN)]
    [TestCase("Sigmoid", 0.0, 0.5)]
    [TestCase("Sigmoid", 1000.0, 1.0)]
    [TestCase("Sigmoid", -1000.0, 0.0)]
    [TestCase("Sigmoid", double.PositiveInfinity, 1.0)]
    [TestCase("Sigmoid", double.NaN, double.NaN)]
    [TestCase("ExpM1", -0.0, -0.0)]
    [TestCase("ExpM1", 1e-30, 1e-30)]
    [TestCase("ExpM1", 1000.0, double.PositiveInfinity)]
    [TestCase("ExpM1", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("ExpM1", double.NegativeInfinity, -1.0)]
    [TestCase("LogP1", -0.0, -0.0)]
    [TestCase("LogP1", 1e-30, 1e-30)]
    [TestCase("LogP1", -1.0, double.NegativeInfinity)]
    [TestCase("LogP1", -2.0, double.NaN)]
    [TestCase("LogP1", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Sin", -0.0, -0.0)]
    [TestCase("Sin", double.PositiveInfinity, double.NaN)]
    [TestCase("Sin", double.NegativeInfinity, double.NaN)]
    [TestCase("Cos", -0.0, 1.0)]
    [TestCase("Cos", double.NegativeInfinity, double.NaN)]
    [TestCase("Tan", -0.0, -0.0)]
    [TestCase("Atan", -0.0, -0.0)]
    [TestCase("Atan", double.PositiveInfinity, Math.PI / 2)]
    [TestCase("Atan", double.NegativeInfinity, -Math.PI / 2)]
    [TestCase("Asin", -0.0, -0.0)]
    [TestCase("Asin", 1.0, Math.PI / 2)]
    [TestCase("Asin", -1.0, -Math.PI / 2)]
    [TestCase("Asin", 1.5, double.NaN)]
    [TestCase("Acos", 1.0, 0.0)]
    [TestCase("Acos", -1.0, Math.PI)]
    [TestCase("Acos", -1.5, double.NaN)]
    [TestCase("Erf", -0.0, -0.0)]
    [TestCase("Erf", 1000.0, 1.0)]
    [TestCase("Erf", double.PositiveInfinity, 1.0)]
    [TestCase("Erf", double.NegativeInfinity, -1.0)]
    [TestCase("Sinh", -0.0, -0.0)]
    [TestCase("Sinh", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Sinh", double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase("Cosh", -0.0, 1.0)]
    [TestCase("Cosh", double.NegativeInfinity, double.PositiveInfinity)]
    [TestCase("Exp2", 0.0, 1.0)]
    [TestCase("Exp2", 3.0, 8.0)]
    [TestCase("Exp2", -1.0, 0.5)]
    [TestCase("Exp2", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Exp2", double.NegativeInfinity, 0.0)]
    [TestCase("Exp2", 2000.0, double.PositiveInfinity)]
    [TestCase("Log2", 1.0, 0.0)]
    [TestCase("Log2", 0.0, double.NegativeInfinity)]
    [TestCase("Log2", -1.0, double.NaN)]
    [TestCase("Log2", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Log10", 1.0, 0.0)]
    [TestCase("Log10", -1.0, double.NaN)]
    [TestCase("Reciprocal", -0.0, double.NegativeInfinity)]
    [TestCase("Reciprocal", double.PositiveInfinity, 0.0)]
    [TestCase("ReciprocalSqrt", 0.0, double.PositiveInfinity)]
    [TestCase("ReciprocalSqrt", double.PositiveInfinity, 0.0)]
    [TestCase("ReciprocalSqrt", -1.0, double.NaN)]
    [TestCase("Softplus", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Softplus", double.NegativeInfinity, 0.0)]
    [TestCase("LogSigmoid", double.PositiveInfinity, 0.0)]
    [TestCase("LogSigmoid", double.NegativeInfinity, double.NegativeInfinity)]
    [TestCase("Elu", double.NegativeInfinity, -1.0)]
    [TestCase("Elu", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Silu", -10000.0, -0.0)]
    [TestCase("Silu", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Mish", -10000.0, -0.0)]
    [TestCase("Mish", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Gelu", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("Gelu", -10000.0, -0.0)]
    [TestCase("GeluTanh", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("HardTanh", double.NegativeInfinity, -1.0)]
    [TestCase("Relu6", double.PositiveInfinity, 6.0)]
    [TestCase("HardSwish", double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase("HardSigmoid", double.NegativeInfinity, 0.0)]
    [TestCase("LeakyRelu", double.NegativeInfinity, double.NegativeInfinity)]
    public void Extremes(string name, double x, double expected)
    {
        T[] values = [T.CreateTruncating(x)];
        FunctionCase<T>.All.Single(f => f.Name == name).Map(values, values);
        SameBits.Check<T>(values, [T.CreateTruncating(expected)], $"{name}({x})");
    }

    /// <summary>ln x times 1/ln 2, which is 2.9999999999999996 for 8.</summary>
    [Test]
    public void Log2_of_a_power_of_two_is_its_exponent()
    {
        int[] exponents = [.. Enumerable.Range(-1074, 2098).Where(static e => !T.IsInfinity(PowerOfTwo(e)) && PowerOfTwo(e) != T.Zero)];
        T[] powers = Array.ConvertAll(exponents, PowerOfTwo);
        FunctionCase<T>.All.Single(static f => f.Name == "Log2").Map(powers, powers);
        SameBits.Check<T>(powers, Array.ConvertAll(exponents, T.CreateTruncating), "log2");
        Assert.That(exponents, Has.Length.GreaterThan(250));

        static T PowerOfTwo(int e) => T.CreateTruncating(Math.ScaleB(1, e));
    }

    /// <summary>|x| and max(x, 0) at their kinks: slopes 0 and 0, and NaN stays NaN through |x|.</summary>
    [TestCase("Abs", 0.0, 0.0)]
    [TestCase("Abs", -2.0, -1.0)]
    [TestCase("Relu", 0.0, 0.0)]
    [TestCase("Relu", -1.0, 0.0)]
    [TestCase("Relu", 1e-30, 1.0)]
    public void Slopes_at_kinks(string name, double at, double expected)
    {
        T[] x = [T.CreateTruncating(at)], y = new T[1], g = [T.One];
        FunctionCase<T> formula = FunctionCase<T>.All.Single(f => f.Name == name);
        formula.Map(x, y);
        fixed (T* px = x, py = y, pg = g)
        {
            formula.MapBackward(Lane.Wide, px, py, pg, pg, 1);
        }
        Assert.That(g[0], Is.EqualTo(T.CreateTruncating(expected)));
    }

    /// <summary>
    /// A series with too few terms, a reduced argument with lost digits, a result that is flushed to zero below the normal range.
    /// </summary>
    [TestCase("Exp", -1.0, 1.0)]
    [TestCase("Exp", -87.0, 88.0)]
    [TestCase("Exp", -103.0, -87.0)]
    [TestCase("Exp", -744.0, 709.0)]
    [TestCase("Log", 0.5, 2.0)]
    [TestCase("Log", 1e-30, 1e30)]
    [TestCase("Log", 1e-44, 1e-38)]
    [TestCase("Tanh", -0.01, 0.01)]
    [TestCase("Tanh", -1.0, 1.0)]
    [TestCase("Tanh", -20.0, 20.0)]
    [TestCase("Sigmoid", -5.0, 5.0)]
    [TestCase("Sigmoid", -80.0, 40.0)]
    [TestCase("Exp2", -1.0, 1.0)]
    [TestCase("Exp2", -125.0, 127.0)]
    [TestCase("Exp2", -1021.0, 1023.0)]
    [TestCase("Log2", 0.5, 2.0)]
    [TestCase("Log2", 0.999, 1.001)]
    [TestCase("Log2", 1e-30, 1e30)]
    [TestCase("Log2", 1e-44, 1e-38)]
    [TestCase("Log10", 1e-30, 1e30)]
    [Category("Slow")]
    public void Elementary_functions_are_within_three_units_in_the_last_place(string name, double from, double to) =>
        ErrorIsAtMost(3, name, from, to);

    /// <summary>Digits that cancel, and intermediate results that overflow where the result does not.</summary>
    [TestCase("Tan", -1.5, 1.5)]
    [TestCase("Tan", 1e-30, 1e4)]
    [TestCase("Asin", -1.0, 1.0)]
    [TestCase("Asin", 1e-30, 1e-3)]
    [TestCase("Acos", -1.0, 1.0)]
    [TestCase("Sinh", -1.0, 1.0)]
    [TestCase("Sinh", 1e-30, 1e-3)]
    [TestCase("Sinh", -710.4, 710.4)]
    [TestCase("Sinh", -89.4, 89.4)]
    [TestCase("Cosh", -710.4, 710.4)]
    [TestCase("Cosh", -89.4, 89.4)]
    [Category("Slow")]
    public void Functions_composed_of_others_are_within_eight_units_in_the_last_place(string name, double from, double to) =>
        ErrorIsAtMost(8, name, from, to);

    private static void ErrorIsAtMost(double units, string name, double from, double to)
    {
        const int count = 20_000;
        Random random = new(7);
        T[] x = [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(Between(random, from, to)))], y = new T[count];
        FunctionCase<T>.All.Single(f => f.Name == name).Map(x, y);
        double worst = 0, at = 0;
        for (int i = 0; i < count; i++)
        {
            double argument = double.CreateTruncating(x[i]), exact = Exact(name, argument), error = Units(y[i], exact);
            (worst, at) = error > worst ? (error, argument) : (worst, at);
        }
        Assert.That(worst, Is.LessThanOrEqualTo(units), FormattableString.Invariant($"{name}({at:R})"));
    }

    /// <summary>Evenly, or evenly in the exponent where the range spans many.</summary>
    private static double Between(Random random, double from, double to) =>
        from > 0 && to / from > 100
            ? Math.Exp(Math.Log(from) + random.NextDouble() * Math.Log(to / from))
            : from + random.NextDouble() * (to - from);

    private static double Exact(string name, double x) => name switch
    {
        "Exp" => Math.Exp(x),
        "Log" => Math.Log(x),
        "Tanh" => Math.Tanh(x),
        "Sigmoid" => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)),
        "Exp2" => Math.Pow(2, x),
        "Log2" => Math.Log2(x),
        "Log10" => Math.Log10(x),
        "Tan" => Math.Tan(x),
        "Asin" => Math.Asin(x),
        "Acos" => Math.Acos(x),
        "Sinh" => Math.Sinh(x),
        "Cosh" => Math.Cosh(x),
        _ => throw new ArgumentException(name),
    };

    /// <summary>The distance in units of the last place of the exact value.</summary>
    private static double Units(T value, double exact)
    {
        T rounded = T.CreateTruncating(exact);
        if (T.IsInfinity(rounded) || T.IsInfinity(value))
        {
            return SameBits.Are(value, rounded) ? 0 : double.PositiveInfinity;
        }
        double unit = double.CreateTruncating(T.BitIncrement(T.Abs(rounded)) - T.Abs(rounded));
        return Math.Abs(double.CreateTruncating(value) - exact) / unit;
    }

    private static T[] Alone(FunctionCase<T> formula)
    {
        T[] y = new T[s_pool.Length];
        for (int i = 0; i < y.Length; i++)
        {
            fixed (T* px = &s_pool[i], py = &y[i])
            {
                formula.Map(Lane.Scalar, px, py, 1);
            }
        }
        return y;
    }

    private static T[] Pool()
    {
        double[] fixedValues =
        [
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 1e-30, -1e-30, 1e-40, -1e-40,
            1e-310, -1e-310, 3e38, -3e38, 1e300, -1e300, 88.7, 88.8, -87.4, -103.9, -104.1, 709.7, 709.9, -708.5, -745.1,
            -745.2, 3, -3, 40, -40, 40.1, 20, -20, 0.34657359, 0.3465736, 0.70710678, 0.70710679, 1.4142135, 1.4142136
        ];
        List<T> pool = [.. fixedValues.Select(T.CreateTruncating), T.Epsilon, -T.Epsilon, T.BitDecrement(T.One), T.BitIncrement(T.One)];
        Random random = new(3);
        while (pool.Count < 211)
        {
            pool.Add(T.CreateTruncating((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3))));
        }
        T[] pinned = GC.AllocateArray<T>(pool.Count, pinned: true);
        pool.CopyTo(pinned);
        return pinned;
    }
}
