using System.Numerics;
using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>The matrix product, compared bit for bit with its definition in plain loops, in every lane.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[NonParallelizable]
internal sealed class MatrixProductTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements before and after C, which must not change.</summary>
    private const int Margin = 7;

    private static readonly int[] Sizes = [1, 2, 3, 5, 12, 13, 31, 32, 33];

    private int _threads;

    private delegate void Multiplication(
        ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, bool accumulate);

    private static IEnumerable<(string Name, Multiplication Run)> Lanes =>
    [
        ("chosen", MatrixProduct.Multiply),
        ("Scalar", MatrixProduct.Multiply<Scalar<T>, T>),
        ("Wide", MatrixProduct.Multiply<Wide<T>, T>),
        ("Wide512", MatrixProduct.Multiply<Wide512<T>, T>),
    ];

    /// <summary>Every pair m, n with two values of k, in turn.</summary>
    public static IEnumerable<TestCaseData> SmallShapes() =>
        from i in Enumerable.Range(0, Sizes.Length)
        from j in Enumerable.Range(0, Sizes.Length)
        from step in (int[])[0, 4]
        select new TestCaseData(Sizes[i], Sizes[j], Sizes[(2 * i + j + step) % Sizes.Length]);

    /// <summary>Shapes around the blocking constants, and those at which the packing changes.</summary>
    public static IEnumerable<TestCaseData> EdgeShapes() =>
    [
        new(100, 37, 513), new(64, 64, 257), new(1, 300, 520), new(2, 300, 40), new(3, 141, 257), new(300, 1, 257), new(300, 2, 20),
        new(7, 3085, 9), new(245, 111, 256), new(130, 131, 133), new(97, 261, 259), new(1, 7, 1025),
        new(2, 5, MatrixProduct.MaxSequentialK + 1), new(3, 1, 3 * MatrixProduct.MaxSequentialK + 300),
    ];

    [SetUp]
    public void SaveThreads() => _threads = Workers.Count;

    [TearDown]
    public void RestoreThreads() => Workers.Count = _threads;

    [TestCaseSource(nameof(SmallShapes))]
    [TestCaseSource(nameof(EdgeShapes))]
    [Category("Slow")]
    public void Every_lane_gives_the_bits_of_the_definition(int m, int n, int k)
    {
        foreach (var problem in Problem.Forms(m, n, k))
        {
            T[] expected = problem.Expected();
            foreach (var (name, run) in Lanes)
            {
                Assert.That(problem.Run(run), Is.EqualTo(expected).Using<T>(SameBits), $"{name}, {problem}");
            }
        }
    }

    [TestCaseSource(nameof(EdgeShapes))]
    [Category("Slow")]
    public void The_number_of_threads_does_not_change_bits(int m, int n, int k)
    {
        foreach (var problem in Problem.Forms(m, n, k))
        {
            Workers.Count = 1;
            T[] expected = problem.Run(MatrixProduct.Multiply);
            foreach (int threads in (int[])[2, 7])
            {
                Workers.Count = threads;
                Assert.That(problem.Run(MatrixProduct.Multiply), Is.EqualTo(expected).Using<T>(SameBits), $"{threads} threads, {problem}");
            }
        }
    }

    /// <summary>Catches skipping of zeros and padding that is added: 0·∞ is NaN, in its own row or column and nowhere else.</summary>
    [TestCase(5, 7, 9)]
    [TestCase(1, 150, 6)]
    [TestCase(29, 45, 33)]
    [TestCase(130, 131, 133)]
    [Category("Slow")]
    public void NaN_stays_in_its_row_and_column(int m, int n, int k)
    {
        foreach (var problem in Problem.Forms(m, n, k))
        {
            problem.SetA(m - 1, k - 1, T.PositiveInfinity);
            problem.SetB(k - 1, n - 1, T.Zero);
            problem.SetB(0, n / 2, T.NaN);
            foreach (var (name, run) in Lanes)
            {
                T[] c = problem.Run(run);
                for (int i = 0; i < m; i++)
                {
                    for (int j = 0; j < n; j++)
                    {
                        T value = c[Margin + i * n + j];
                        bool nan = j == n / 2 || (i == m - 1 && j == n - 1), infinite = !nan && i == m - 1;
                        string where = $"{name}, {problem}, row {i}, column {j}";
                        Assert.That((T.IsNaN(value), T.IsInfinity(value)), Is.EqualTo((nan, infinite)), where);
                    }
                }
            }
        }
    }

    [Test]
    public void An_empty_k_gives_zeros_or_leaves_C_as_it_is()
    {
        T[] c = [T.One, T.One, T.One, T.One];
        MatrixProduct.Multiply<T>([], false, [], false, c, 2, 2, 0, accumulate: true);
        Assert.That(c, Is.All.EqualTo(T.One));
        MatrixProduct.Multiply<T>([], false, [], false, c, 2, 2, 0);
        Assert.That(c, Is.All.EqualTo(T.Zero));
    }

    [TestCase(0, 3)]
    [TestCase(3, 0)]
    [TestCase(0, 0)]
    public void An_empty_C_is_accepted(int m, int n) =>
        Assert.That(() => MatrixProduct.Multiply<T>(new T[m * 2], false, new T[2 * n], false, [], m, n, 2), Throws.Nothing);

    [TestCase(5, 6, 6, "a")]
    [TestCase(6, 7, 6, "b")]
    [TestCase(6, 6, 3, "c")]
    public void A_wrong_length_throws(int a, int b, int c, string name) =>
        Assert.That(() => MatrixProduct.Multiply<T>(new T[a], false, new T[b], false, new T[c], 2, 2, 3),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(name));

    [Test]
    public void A_negative_size_throws() =>
        Assert.That(() => MatrixProduct.Multiply<T>(new T[6], false, new T[6], false, new T[4], -2, -2, -3), Throws.ArgumentException);

    [Test]
    public void A_warm_call_allocates_nothing()
    {
        Workers.Count = 2;
        foreach (var (m, n, k) in ((int, int, int)[])[(8, 8, 8), (33, 33, 33), (1, 300, 300), (150, 150, 300)])
        {
            foreach (var problem in Problem.Forms(m, n, k))
            {
                T[] c = new T[m * n];
                problem.RunOn(c);
                long before = GC.GetAllocatedBytesForCurrentThread();
                problem.RunOn(c);
                Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero, problem.ToString());
            }
        }
    }

    private static bool SameBits(T x, T y) => typeof(T) == typeof(float)
        ? BitConverter.SingleToInt32Bits((float)(object)x) == BitConverter.SingleToInt32Bits((float)(object)y)
        : BitConverter.DoubleToInt64Bits((double)(object)x) == BitConverter.DoubleToInt64Bits((double)(object)y);

    /// <summary>Two random matrices, as they are or transposed, at unaligned addresses, and the initial values of C.</summary>
    private sealed class Problem
    {
        private readonly int _m, _n, _k;
        private readonly bool _transposeA, _transposeB, _accumulate;
        private readonly T[] _a, _b, _c;

        private Problem(int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
        {
            (_m, _n, _k, _transposeA, _transposeB, _accumulate) = (m, n, k, transposeA, transposeB, accumulate);
            var random = new Random(m + 100 * n + 10000 * k);
            _a = Values(random, m * k + 1);
            _b = Values(random, k * n + 1);
            _c = Values(random, m * n + 2 * Margin);
        }

        public static IEnumerable<Problem> Forms(int m, int n, int k) =>
            from form in Enumerable.Range(0, 8) select new Problem(m, n, k, (form & 1) != 0, (form & 2) != 0, (form & 4) != 0);

        public void SetA(int i, int p, T value) => _a[A(i, p)] = value;

        public void SetB(int p, int j, T value) => _b[B(p, j)] = value;

        /// <summary>C with its margins, after the product.</summary>
        public T[] Run(Multiplication multiply)
        {
            T[] c = [.. _c];
            multiply(_a.AsSpan(1), _transposeA, _b.AsSpan(1), _transposeB, c.AsSpan(Margin, _m * _n), _m, _n, _k, _accumulate);
            return c;
        }

        public void RunOn(Span<T> c) =>
            MatrixProduct.Multiply(_a.AsSpan(1), _transposeA, _b.AsSpan(1), _transposeB, c, _m, _n, _k, _accumulate);

        /// <summary>
        /// The definition: fused multiply-adds in each block of kc, and the sums of the blocks added in order; the margins unchanged.
        /// </summary>
        public T[] Expected()
        {
            T[] c = [.. _c];
            for (int i = 0; i < _m; i++)
            {
                for (int j = 0; j < _n; j++)
                {
                    ref T element = ref c[Margin + i * _n + j];
                    element = Sum(i, j, 0, _k, _accumulate ? element : T.NegativeZero);
                }
            }
            return c;
        }

        /// <summary>initial + Σ over p from..to, in the documented order; −0 is nothing to add to.</summary>
        private T Sum(int i, int j, int from, int to, T initial)
        {
            if (to - from > MatrixProduct.MaxSequentialK)
            {
                int left = MatrixProduct.MaxSequentialK;
                while (2 * left < to - from)
                {
                    left *= 2;
                }
                return Sum(i, j, from, from + left, initial) + Sum(i, j, from + left, to, T.NegativeZero);
            }
            T total = initial;
            for (int start = from; start < to; start += MatrixProduct.Kc)
            {
                T sum = T.Zero;
                for (int p = start; p < Math.Min(to, start + MatrixProduct.Kc); p++)
                {
                    sum = T.FusedMultiplyAdd(_a[A(i, p)], _b[B(p, j)], sum);
                }
                total += sum;
            }
            return total;
        }

        public override string ToString() =>
            $"{_m}x{_n}x{_k} {(_transposeA ? 'T' : 'N')}{(_transposeB ? 'T' : 'N')}{(_accumulate ? " accumulating" : "")}";

        private int A(int i, int p) => 1 + (_transposeA ? p * _m + i : i * _k + p);

        private int B(int p, int j) => 1 + (_transposeB ? j * _k + p : p * _n + j);

        private static T[] Values(Random random, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(2 * random.NextDouble() - 1))];
    }

    /// <summary>A buffer as large as the result that the thread keeps for ever; and the parts that there are instead of it.</summary>
    [Test]
    public void A_wide_product_of_a_transposed_factor_keeps_little_memory([Values] bool accumulate)
    {
        const int m = 128, n = 150_000;
        long kept = 0;
        int wrong = 0;
        Thread thread = new(() =>
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            Compute();
            kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        });
        thread.Start();
        thread.Join();
        Assert.That(wrong, Is.Zero);
        Assert.That(kept, Is.LessThan(40_000_000));

        void Compute()
        {
            T[] a = Samples.Uniform<T>(m, 1), b = Samples.Uniform<T>(n, 2), c = new T[m * n];
            T two = T.CreateTruncating(2);
            Array.Fill(c, two);
            MatrixProduct.Multiply<T>(a, false, b, true, c, m, n, 1, accumulate);
            for (int i = 0; i < c.Length; i++)
            {
                T product = a[i / n] * b[i % n];
                wrong += c[i] == (accumulate ? two + product : product) ? 0 : 1;
            }
        }
    }
}
