using System.Numerics;
using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Sums: one order, exact where they can be, close where they cannot.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ReductionTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[] s_lengths = [.. Enumerable.Range(0, 257), 4095, 4096, 4097, 8191, 8193, 12_288, 32_767, 32_769, 100_003, 4096 * 600 + 5];

    /// <summary>A lane with its own order, a tail added elsewhere, a block border elsewhere, threads that fold as they finish.</summary>
    [Test]
    [Category("Slow")]
    public void Every_lane_and_thread_count_adds_in_the_documented_order([Values(1, 2, 7)] int threads)
    {
        using Threads set = Threads.Set(threads);
        foreach (int length in s_lengths)
        {
            T[] a = Samples.Uniform<T>(length, length), b = Samples.Uniform<T>(length, length + 1);
            T sum = Canonical.Sum<T>(a), dot = Canonical.Sum<T>([.. a.Zip(b, static (x, y) => x * y)]), magnitude = Canonical.Sum<T>([.. a.Select(T.Abs)]);
            T[] actual =
            [
                Reduction.Sum<Itself, Scalar<T>, T>(a, a), Reduction.Sum<Itself, Wide<T>, T>(a, a), Reduction.Sum<Itself, Wide512<T>, T>(a, a), Reduction.Sum<T>(a),
                Reduction.Sum<Product, Scalar<T>, T>(a, b), Reduction.Sum<Product, Wide<T>, T>(a, b), Reduction.Sum<Product, Wide512<T>, T>(a, b), Reduction.Dot<T>(a, b),
                Reduction.Sum<Magnitude, Scalar<T>, T>(a, a), Reduction.Sum<Magnitude, Wide<T>, T>(a, a), Reduction.Sum<Magnitude, Wide512<T>, T>(a, a), Reduction.Sum<Magnitude, T>(a, a)
            ];
            SameBits.Check<T>(actual, [sum, sum, sum, sum, dot, dot, dot, dot, magnitude, magnitude, magnitude, magnitude], $"length {length}");
        }
    }

    /// <summary>An element left out or taken twice.</summary>
    [Test]
    public void Whole_numbers_add_up_exactly()
    {
        foreach (int length in s_lengths)
        {
            T[] x = Samples.Whole<T>(length);
            decimal expected = x.Sum(static value => decimal.CreateTruncating(value));
            Assert.That(decimal.CreateTruncating(Reduction.Sum<T>(x)), Is.EqualTo(expected), $"length {length}");
        }
    }

    /// <summary>One running sum: its error grows with the length, and would be 1,000 times as large here.</summary>
    [Test]
    public void The_error_does_not_grow_with_the_length()
    {
        T tenth = T.CreateTruncating(0.1);
        T[] x = new T[1_000_000];
        Array.Fill(x, tenth);
        double exact = 1e6 * double.CreateTruncating(tenth), epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        Assert.That(double.CreateTruncating(Reduction.Sum<T>(x)), Is.EqualTo(exact).Within(20 * epsilon * exact));
    }

    [Test]
    public void Squares_are_added_in_double_precision([Values(0, 1, 63, 4097, 50_001)] int length)
    {
        T huge = T.CreateTruncating(typeof(T) == typeof(float) ? 1e30 : 1e100), tiny = T.CreateTruncating(typeof(T) == typeof(float) ? 1e-30 : 1e-100);
        foreach (T value in (T[])[huge, tiny])
        {
            T[] x = new T[length];
            Array.Fill(x, value);
            double square = double.CreateTruncating(value) * double.CreateTruncating(value);
            Assert.That(Reduction.SumOfSquares<T>(x), Is.EqualTo(length * square).Within(1e-13 * length * square));
        }
    }

    [TestCase(1, 5, 1)]
    [TestCase(3, 1, 4)]
    [TestCase(2, 0, 3)]
    [TestCase(4, 0, 1)]
    [TestCase(0, 3, 2)]
    [TestCase(7, 300, 1)]
    [TestCase(2000, 70, 1)]
    [TestCase(3, 40_000, 1)]
    [TestCase(1, 129, 3)]
    [TestCase(5, 300, 17)]
    [TestCase(3, 257, 200)]
    [TestCase(900, 5, 33)]
    [TestCase(1, 500, 130)]
    public void Sums_of_an_axis_are_in_the_documented_order_for_all_thread_counts(int outer, int n, int inner)
    {
        T[] x = Samples.Uniform<T>(outer * n * inner, 5), expected = new T[outer * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                T[] terms = [.. Enumerable.Range(0, n).Select(row => x[(o * n + row) * inner + i])];
                expected[o * inner + i] = inner == 1 ? Canonical.Sum<T>(terms) : Canonical.SumColumn<T>(terms);
            }
        }
        foreach (int threads in (int[])[1, 2, 7])
        {
            using (Threads.Set(threads))
            {
                T[] y = new T[outer * inner];
                Array.Fill(y, T.NaN);
                Reduction.SumAxis<T>(x, y, outer, n, inner);
                SameBits.Check<T>(y, expected, $"{threads} threads");
            }
        }
    }

    [Test]
    public void Wrong_lengths_throw()
    {
        Assert.Throws<ArgumentException>(() => Reduction.Dot<T>(new T[3], new T[4]));
        Assert.Throws<ArgumentException>(() => Reduction.SumAxis<T>(new T[5], new T[2], 2, 3, 1));
        Assert.Throws<ArgumentException>(() => Reduction.SumAxis<T>(new T[6], new T[3], 2, 3, 1));
    }
}
