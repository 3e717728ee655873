using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Engine.Tests;

/// <summary>
/// Initial values follow the laws that the documentation states, by the test of Kolmogorov and Smirnov with the distribution functions of
/// MathNet.Numerics. The seeds are fixed; the threshold is passed by chance once in a thousand seeds.
/// </summary>
internal sealed class InitialLawTests
{
    private const double Threshold = 1.95; // of √n·sup|Fₙ − F|, for p = 10⁻³

    private static readonly Shape s_shape = [50, 40, 5]; // fan in 200, fan out 250

    private static readonly RandomKey s_key = RandomKey.FromSeed(12);

    private static IEnumerable<TestCaseData> Laws()
    {
        yield return Case("uniform", Initializers.Uniform(-1, 3), static x => ContinuousUniform.CDF(-1, 3, x));
        yield return Case("normal", Initializers.Normal(2, 3), static x => Normal.CDF(2, 3, x));
        yield return Case("truncated normal", Initializers.TruncatedNormal(2, 3), static x => Truncated(2, 3, -4, 8, x));
        yield return Case("truncated normal, one side", Initializers.TruncatedNormal(0, 1, 0.5, 9), static x => Truncated(0, 1, 0.5, 9, x));
        yield return Case(
            "truncated normal, other side", Initializers.TruncatedNormal(1, 2, -3, 0), static x => Truncated(1, 2, -3, 0, x));
        yield return Case("truncated normal, far out", Initializers.TruncatedNormal(0, 1, 9, 10), static x => Truncated(0, 1, 9, 10, x));
        yield return Case("truncated normal, wide", Initializers.TruncatedNormal(0, 1, -50, 60), static x => Normal.CDF(0, 1, x));
        yield return Case("He, uniform", Initializers.HeUniform(), static x => Symmetric(Math.Sqrt(6.0 / 200), x));
        yield return Case("He, normal", Initializers.HeNormal(), static x => Normal.CDF(0, Math.Sqrt(2.0 / 200), x));
        yield return Case(
            "He, normal, fan out, leaky", Initializers.HeNormal(Initializers.Gain(Nonlinearity.LeakyRelu, 0.2), fanOut: true),
            static x => Normal.CDF(0, Math.Sqrt(2.0 / 1.04 / 250), x));
        yield return Case(
            "Xavier, uniform, tanh", Initializers.XavierUniform(Initializers.Gain(Nonlinearity.Tanh)),
            static x => Symmetric(5.0 / 3 * Math.Sqrt(6.0 / 450), x));
        yield return Case("Xavier, normal", Initializers.XavierNormal(), static x => Normal.CDF(0, Math.Sqrt(2.0 / 450), x));

        static TestCaseData Case(string name, Initializer initializer, Func<double, double> distribution) =>
            new TestCaseData(initializer, distribution).SetArgDisplayNames(name);
    }

    private static double Symmetric(double bound, double x) => ContinuousUniform.CDF(-bound, bound, x);

    /// <summary>Where both bounds are above the mean, 1 − F of each, which keeps its digits.</summary>
    private static double Truncated(double mean, double deviation, double low, double high, double x)
    {
        bool isAbove = low > mean;
        double F(double value) => Normal.CDF(0, 1, (isAbove ? mean - value : value - mean) / deviation);
        return (F(x) - F(low)) / (F(high) - F(low));
    }

    /// <summary>Another law than the documented one: fans mixed up, a variance for a deviation, values that pile up at a bound.</summary>
    [TestCaseSource(nameof(Laws))]
    public void Values_follow_the_law(Initializer initializer, Func<double, double> distribution)
    {
        double[] values = initializer.Create<double>(s_shape, s_key).ToArray();
        Assert.That(Distance(values, distribution), Is.LessThan(Threshold));
        Distribution law = initializer(s_shape);
        double mean = values.Average(), variance = values.Average(x => (x - mean) * (x - mean)), n = values.Length;
        Assert.That(mean, Is.EqualTo(law.Mean).Within(4 * Math.Sqrt(law.Variance / n)));
        Assert.That(variance, Is.EqualTo(law.Variance).Within(12 * law.Variance / Math.Sqrt(n)), "a kurtosis up to 9");
    }

    /// <summary>A threshold that everything passes.</summary>
    [Test]
    public void A_wrong_law_is_noticed()
    {
        double[] values = Initializers.Normal(0, 1).Create<double>(s_shape, s_key).ToArray();
        Assert.That(Distance(values, static x => Normal.CDF(0, 1.15, x)), Is.GreaterThan(Threshold));
        Assert.That(Distance(values, static x => Normal.CDF(0.08, 1, x)), Is.GreaterThan(Threshold));
    }

    /// <summary>Values beyond the bounds, by rounding or at all; bounds as multiples of the deviation that ignore it.</summary>
    [Test]
    public void Truncated_values_stay_between_the_bounds()
    {
        foreach ((double mean, double deviation, double low, double high) in ((double, double, double, double)[])
            [(0, 1, -2, 2), (3, 0.1, 2.8, 3.2), (0, 1, 9, 10), (0, 1, -10, -9), (0, 1, 30, 30.5), (0, 1, 0, 1e-12), (0, 1, -1e300, 1e300)])
        {
            double[] values = Initializers.TruncatedNormal(mean, deviation, low, high).Create<double>([5000], s_key).ToArray();
            Assert.That(values, Is.All.InRange(low, high), $"{low} … {high}");
            Assert.That(values.Distinct().Count(), Is.GreaterThan(1000));
        }
        Distribution standard = Distribution.TruncatedNormal(5, 2);
        Assert.That(standard.Mean, Is.EqualTo(5).Within(1e-14));
        Assert.That(standard.Variance, Is.EqualTo(4 * 0.7737413035499232).Within(1e-12));
        Assert.That(standard.ToString(), Is.EqualTo("normal with mean 5 and standard deviation 2 between 1 and 9"));
        (double Mean, double Deviation, double? Low, double? High)[] wrong =
        [
            (0, 0, null, null), (0, -1, null, null), (double.NaN, 1, null, null), (0, double.PositiveInfinity, null, null),
            (0, 1, 2, 1), (0, 1, 1, 1), (0, 1, double.NegativeInfinity, 0), (0, 1, 0, double.NaN), (0, 1, 40, 41),
        ];
        foreach ((double mean, double deviation, double? low, double? high) in wrong)
        {
            Assert.That(
                () => Initializers.TruncatedNormal(mean, deviation, low, high),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("TruncatedNormal: got mean"));
        }
    }

    /// <summary>The quantile of a probability that has rounded to 0; moments that cancel, or lie outside the bounds.</summary>
    [TestCase(38.3, 39)]
    [TestCase(38.45, 39)]
    [TestCase(-39, -38.45)]
    [TestCase(10, 10 + 1e-9)]
    [TestCase(1, 1 + 1e-7)]
    [TestCase(-1e-9, 1e-9)]
    public void Bounds_far_out_or_close_together(double low, double high)
    {
        Distribution distribution = Distribution.TruncatedNormal(0, 1, low, high);
        double[] values = new double[2000];
        distribution.Fill<double>(values, RandomKey.FromSeed(1));
        Assert.That(values, Is.All.InRange(low, high));
        Assert.That(distribution.Mean, Is.InRange(low, high));
        Assert.That(distribution.Variance, Is.InRange(0, (high - low) * (high - low) / 4));
    }

    /// <summary>Rows that are not orthonormal, a tall weight that is not transposed, a gain that is squared.</summary>
    [Test]
    public void Orthogonal_weights_are_orthogonal(
        [Values("1 1", "1 7", "7 1", "8 8", "30 50", "50 30", "6 4 3", "10 2 2 2", "3 2 2 5")] string extents, [Values(1, 1.7)] double gain)
    {
        Shape shape = new([.. extents.Split(' ').Select(int.Parse)]);
        int rows = shape[0], columns = shape.Length / rows;
        double[] values = Initializers.Orthogonal(gain).Create<double>(shape, s_key).ToArray();
        Matrix<double> w = Matrix<double>.Build.DenseOfRowMajor(rows, columns, values) / gain;
        Matrix<double> products = rows <= columns ? w * w.Transpose() : w.Transpose() * w;
        Assert.That((products - Matrix<double>.Build.DenseIdentity(Math.Min(rows, columns))).Enumerate().Max(Math.Abs), Is.LessThan(1e-12));
        Assert.That(
            Initializers.Orthogonal(gain).Create<float>(shape, s_key).ToArray(),
            Is.EqualTo(Array.ConvertAll(values, static x => (float)x)));
        Assert.That(Initializers.Orthogonal(gain)(shape).Variance, Is.EqualTo(values.Average(static x => x * x)).Within(1e-12));
    }

    /// <summary>
    /// Signs that the decomposition chooses: without the correction a diagonal element never changes its sign. The square of a coordinate
    /// of a uniform direction in n dimensions has the distribution Beta(½, (n − 1)/2).
    /// </summary>
    [TestCase(3, 3)]
    [TestCase(2, 4)]
    [TestCase(5, 2)]
    public void Orthogonal_weights_are_uniform(int rows, int columns)
    {
        const int draws = 3000;
        double n = Math.Max(rows, columns);
        double[][] matrices = [
            .. Enumerable.Range(0, draws).Select(i => Initializers.Orthogonal().Create<double>([rows, columns], s_key.Fold(i)).ToArray())];
        double Coordinate(double x) => 0.5 + 0.5 * Math.Sign(x) * Beta.CDF(0.5, (n - 1) / 2, Math.Min(1, x * x));
        for (int i = 0; i < rows * columns; i++)
        {
            Assert.That(Distance([.. matrices.Select(m => m[i])], Coordinate), Is.LessThan(Threshold), $"element {i}");
        }
        if (rows == columns)
        {
            int rotations = matrices.Count(m => Matrix<double>.Build.DenseOfRowMajor(rows, rows, m).Determinant() > 0);
            Assert.That(rotations, Is.EqualTo(draws / 2).Within(1.65 * Math.Sqrt(draws)), "as many rotations as reflections");
        }
    }

    /// <summary>Zeros per row instead of per column, at the same places in each column, or one too many by rounding.</summary>
    [TestCase(0.07, 100, 7)]
    [TestCase(0.29, 100, 29)]
    [TestCase(0.5, 3, 2)]
    [TestCase(0.9, 100, 90)]
    [TestCase(1, 5, 5)]
    [TestCase(0, 5, 0)]
    public void Sparse_weights_have_zeros_in_each_column(double sparsity, int rows, int zeros)
    {
        double[] values = Initializers.Sparse(sparsity, 2).Create<double>([rows, 20, 10], s_key).ToArray();
        int[][] columns = [
            .. Enumerable.Range(0, 200).Select(c => Enumerable.Range(0, rows).Where(r => values[r * 200 + c] == 0).ToArray())];
        Assert.That(columns.Select(static c => c.Length), Is.All.EqualTo(zeros));
        if (zeros > 0 && zeros < rows)
        {
            Assert.That(columns.Select(static c => string.Join(' ', c)).Distinct().Count(), Is.GreaterThan(Math.Min(2, rows)));
            int[] counts = [.. Enumerable.Range(0, rows).Select(r => columns.Count(c => c.Contains(r)))];
            double p = zeros / (double)rows;
            Assert.That(counts, Is.All.EqualTo(200 * p).Within(4.5 * Math.Sqrt(200 * p * (1 - p))), "every row is chosen as often");
        }
        double[] others = [.. values.Where(static x => x != 0)];
        if (others.Length > 0)
        {
            Assert.That(Distance(others, static x => Normal.CDF(0, 2, x)), Is.LessThan(Threshold));
        }
        Assert.That(
            Initializers.Sparse(sparsity, 2)([rows, 20, 10]).Variance, Is.EqualTo(4.0 * (rows - zeros) / rows).Within(1e-12));
    }

    [Test]
    public void Identity_is_the_identity()
    {
        Assert.That(Initializers.Identity().Create<double>([2, 3], s_key).ToArray(), Is.EqualTo((double[])[1, 0, 0, 0, 1, 0]));
        Assert.That(Initializers.Identity(-2).Create<float>([3, 2], s_key).ToArray(), Is.EqualTo((float[])[-2, 0, 0, -2, 0, 0]));
        Distribution law = Initializers.Identity(3)([2, 4]);
        Assert.That((law.Mean, law.Variance), Is.EqualTo((0.75, 9 * 0.25 * 0.75)), "of an element chosen at random");
        foreach (int[] shape in (int[][])[[], [3], [2, 2, 2]])
        {
            Assert.That(
                () => Initializers.Identity().Create<float>(new Shape(shape), s_key),
                Throws.ArgumentException.With.Message.Contains(new Shape(shape).ToString()));
        }
    }

    /// <summary>Kernel axes forgotten or counted twice; outputs and inputs exchanged.</summary>
    [Test]
    public void Fans_of_all_ranks()
    {
        (int[] Shape, int In, int Out)[] table =
            [([7, 3], 3, 7), ([7, 3, 5], 15, 35), ([7, 3, 5, 2], 30, 70), ([0, 3], 3, 0), ([7, 0, 5], 0, 35), ([7, 3, 0], 0, 0)];
        foreach ((int[] extents, int fanIn, int fanOut) in table)
        {
            Shape shape = new(extents);
            Assert.That((Initializers.FanIn(shape), Initializers.FanOut(shape)), Is.EqualTo((fanIn, fanOut)), shape.ToString());
            (Initializer Initializer, double Variance)[] laws =
            [
                (Initializers.HeNormal(gain: 2), 4.0 / fanIn), (Initializers.HeNormal(gain: 2, fanOut: true), 4.0 / fanOut),
                (Initializers.HeUniform(gain: 2), 4.0 / fanIn), (Initializers.HeUniform(gain: 2, fanOut: true), 4.0 / fanOut),
                (Initializers.XavierNormal(3), 18.0 / (fanIn + fanOut)), (Initializers.XavierUniform(3), 18.0 / (fanIn + fanOut)),
            ];
            foreach ((Initializer initializer, double variance) in laws)
            {
                double expected = double.IsInfinity(variance) ? 0 : variance;
                Assert.That(initializer(shape).Variance, Is.EqualTo(expected).Within(1e-12), shape.ToString());
                Assert.That(initializer.Create<float>(shape, s_key).Length, Is.EqualTo(shape.Length));
            }
        }
    }

    /// <summary>A fan of 0 with a gain of 0, a random matrix without elements: nothing to draw is no error.</summary>
    [Test]
    public void Weights_without_elements_are_no_error()
    {
        foreach (int[] extents in (int[][])[[0, 3], [3, 0], [0, 0], [3, 2, 0], [0, 2, 3]])
        {
            Shape shape = new(extents);
            foreach (
                Initializer initializer in (Initializer[])[
                    Initializers.HeNormal(gain: 0), Initializers.HeUniform(gain: 0, fanOut: true), Initializers.XavierNormal(0),
                    Initializers.Orthogonal(), Initializers.Sparse(0.5), Initializers.Constant(1), Initializers.TruncatedNormal(0, 1)])
            {
                Assert.That(initializer.Create<float>(shape, s_key).Shape, Is.EqualTo(shape));
                Assert.That(double.IsFinite(initializer(shape).Variance) && double.IsFinite(initializer(shape).Mean));
            }
        }
        Assert.That(Initializers.Identity().Create<float>([0, 3], s_key).Length, Is.Zero);
    }

    [Test]
    public void Gains_are_those_of_PyTorch()
    {
        Assert.That(Initializers.Gain(Nonlinearity.Linear), Is.EqualTo(1));
        Assert.That(Initializers.Gain(Nonlinearity.Sigmoid), Is.EqualTo(1));
        Assert.That(Initializers.Gain(Nonlinearity.Tanh), Is.EqualTo(5.0 / 3));
        Assert.That(Initializers.Gain(Nonlinearity.Relu), Is.EqualTo(Math.Sqrt(2)));
        Assert.That(Initializers.Gain(Nonlinearity.LeakyRelu), Is.EqualTo(Math.Sqrt(2 / 1.0001)));
        Assert.That(Initializers.Gain(Nonlinearity.LeakyRelu, 0.2), Is.EqualTo(Math.Sqrt(2 / 1.04)).Within(1e-15));
        Assert.That(Initializers.Gain(Nonlinearity.Selu), Is.EqualTo(0.75));
        Assert.That(
            static () => Initializers.Gain((Nonlinearity)9),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("LeakyRelu"));
        Assert.That(static () => Initializers.Gain(Nonlinearity.LeakyRelu, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>An infinite or undefined weight that is only noticed as a loss that is NaN.</summary>
    [Test]
    public void What_cannot_be_finite_is_refused()
    {
        double nan = double.NaN, infinity = double.PositiveInfinity;
        foreach (double bad in (double[])[nan, infinity, -infinity])
        {
            foreach (
                Func<object> wrong in (Func<object>[])[
                    () => Initializers.Constant(bad), () => Distribution.Constant(bad), () => Initializers.Uniform(bad, 1),
                    () => Initializers.Uniform(0, bad), () => Initializers.Normal(bad, 1), () => Initializers.Normal(0, bad),
                    () => Initializers.HeUniform(bad), () => Initializers.HeNormal(bad), () => Initializers.XavierUniform(bad),
                    () => Initializers.XavierNormal(bad), () => Initializers.Identity(bad), () => Initializers.Orthogonal(bad),
                    () => Initializers.Sparse(bad), () => Initializers.Sparse(0.5, bad)])
            {
                Assert.That(wrong, Throws.InstanceOf<ArgumentOutOfRangeException>());
            }
        }
        Assert.That(static () => Initializers.Uniform(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => Initializers.Uniform(-1e308, 1e308), Throws.InstanceOf<ArgumentOutOfRangeException>(), "their distance");
        Assert.That(static () => Initializers.Sparse(1.1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1.1"));
        Assert.That(static () => Initializers.Sparse(0.1, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            static () => Initializers.Orthogonal().Create<float>([3], s_key), Throws.ArgumentException.With.Message.Contains("[3]"));
        Assert.That(static () => Initializers.Sparse(0.1).Create<float>([3], s_key), Throws.ArgumentException.With.Message.Contains("[3]"));
    }

    /// <summary>Bounds that are finite in double precision and infinite weights in single precision.</summary>
    [Test]
    public void Numbers_too_large_for_the_elements_are_refused()
    {
        foreach (
            Initializer initializer in (Initializer[])[
                Initializers.Uniform(-1e300, 5e299), Initializers.Normal(0, 1e38), Initializers.Normal(1e39, 1),
                Initializers.Constant(-1e39), Initializers.TruncatedNormal(0, 1e39), Initializers.Orthogonal(1e39),
                Initializers.Sparse(0.5, 1e38)])
        {
            Assert.That(
                () => initializer.Create<float>([4, 4], s_key),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Single"));
            Assert.That(initializer.Create<double>([4, 4], s_key).ToArray(), Is.All.Matches<double>(double.IsFinite));
        }
        Assert.That(static () => s_key.FillUniform(new float[2], -1e300, 5e299), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => s_key.FillNormal(new float[2], 0, 1e38), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            Initializers.Normal(0, 1e37).Create<float>([1000], s_key).ToArray(), Is.All.Matches<float>(float.IsFinite), "not too large");
        Assert.That(
            () => Initializers.Orthogonal()([2, 3]).Fill(new float[5], s_key),
            Throws.ArgumentException.With.Message.Contains("5 values").And.Message.Contains("6"));
    }

    /// <summary>√n·sup|Fₙ − F|.</summary>
    private static double Distance(double[] values, Func<double, double> distribution)
    {
        double[] sorted = [.. values.Order()];
        double n = sorted.Length, distance = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double f = distribution(sorted[i]);
            distance = Math.Max(distance, Math.Max(Math.Abs(f - i / n), Math.Abs((i + 1) / n - f)));
        }
        return Math.Sqrt(n) * distance;
    }
}
