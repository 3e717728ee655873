using System.Numerics;
using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Sums: in the documented order, exact where they can be and accurate where they cannot.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ReductionTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[] s_lengths =
    [
        .. Enumerable.Range(0, 257), 4095, 4096, 4097, 8191, 8193, 12_288, 32_767, 32_769, 100_003, 4096 * 600 + 5,
    ];

    /// <summary>Catches a lane with an order of its own, a misplaced tail or block, and threads that add sums as they finish.</summary>
    [Test]
    [Category("Slow")]
    public void Every_lane_and_thread_count_adds_in_the_documented_order([Values(1, 2, 7)] int threads)
    {
        using Threads set = Threads.Set(threads);
        foreach (int length in s_lengths)
        {
            T[] a = Samples.Uniform<T>(length, length), b = Samples.Uniform<T>(length, length + 1);
            Check<IdentityTerm>(a, a, CanonicalSum.OfVector<T>(a), Reduction.Sum<T>(a));
            Check<ProductTerm>(a, b, CanonicalSum.OfVector<T>([.. a.Zip(b, static (x, y) => x * y)]), Reduction.Dot<T>(a, b));
            Check<AbsoluteTerm>(a, a, CanonicalSum.OfVector<T>([.. a.Select(T.Abs)]), Reduction.Sum<AbsoluteTerm, T>(a, a));
        }
    }

    /// <summary>Compares the sum in the lane of this machine, and in each lane, with the expected one.</summary>
    private static unsafe void Check<TTerm>(T[] a, T[] b, T expected, T inChosenLane) where TTerm : struct, ITerm
    {
        T[] sums;
        fixed (T* pa = a, pb = b)
        {
            RowPairs<TTerm, T> terms = new(pa, pb);
            sums =
            [
                inChosenLane,
                RowSums.Of<RowPairs<TTerm, T>, Scalar<T>, T>(terms, a.Length),
                RowSums.Of<RowPairs<TTerm, T>, Wide<T>, T>(terms, a.Length),
                RowSums.Of<RowPairs<TTerm, T>, Wide512<T>, T>(terms, a.Length),
            ];
        }
        SameBits.Check<T>(sums, [expected, expected, expected, expected], $"{typeof(TTerm).Name}, length {a.Length}");
    }

    /// <summary>Catches elements that are skipped or added twice.</summary>
    [Test]
    public void Sums_of_integers_are_exact()
    {
        foreach (int length in s_lengths)
        {
            T[] x = Samples.Whole<T>(length);
            decimal expected = x.Sum(static value => decimal.CreateTruncating(value));
            Assert.That(decimal.CreateTruncating(Reduction.Sum<T>(x)), Is.EqualTo(expected), $"length {length}");
        }
    }

    /// <summary>Catches a single running sum, whose error would be 1,000 times as large here.</summary>
    [Test]
    public void The_error_does_not_grow_with_the_length()
    {
        T tenth = T.CreateTruncating(0.1);
        T[] x = new T[1_000_000];
        Array.Fill(x, tenth);
        double exact = 1e6 * double.CreateTruncating(tenth), epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        Assert.That(double.CreateTruncating(Reduction.Sum<T>(x)), Is.EqualTo(exact).Within(20 * epsilon * exact));
        T[] columns = new T[2];
        Reduction.SumAxis<T>(x, columns, 1, 500_000, 2);
        Assert.That(double.CreateTruncating(columns[1]), Is.EqualTo(exact / 2).Within(100 * epsilon * exact / 2), "down a column");
    }

    [Test]
    public void Squares_are_added_in_double_precision([Values(0, 1, 63, 4097, 50_001)] int length)
    {
        T huge = T.CreateTruncating(typeof(T) == typeof(float) ? 1e30 : 1e100);
        T tiny = T.CreateTruncating(typeof(T) == typeof(float) ? 1e-30 : 1e-100);
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
    [TestCase(1, 128 * 37 + 5, 9)]
    public void Sums_of_an_axis_are_in_the_documented_order_for_all_thread_counts(int outer, int n, int inner)
    {
        T[] x = Samples.Uniform<T>(outer * n * inner, 5), expected = new T[outer * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                T[] terms = [.. Enumerable.Range(0, n).Select(row => x[(o * n + row) * inner + i])];
                expected[o * inner + i] = inner == 1 ? CanonicalSum.OfVector<T>(terms) : CanonicalSum.OfColumn<T>(terms);
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
