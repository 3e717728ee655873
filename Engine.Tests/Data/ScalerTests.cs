using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests.Data;

/// <summary>Standardizing and rescaling: against the definition, at the edges, and with the same bits everywhere.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ScalerTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly double Tolerance = typeof(T) == typeof(float) ? 2e-6 : 1e-12;

    private static readonly Shape[] Shapes = [[5], [7, 3], [400, 3], [6, 2, 5], [9, 3, 4, 4], [1, 2]];

    /// <summary>Catches: statistics of the wrong axis, n − 1 for n, the sum of squares for the sum of squared differences.</summary>
    [TestCaseSource(nameof(Shapes))]
    public void TheTrainingPartHasMean0AndVariance1(Shape shape)
    {
        // far from 0, where E(x²) − E(x)² has no digit left in single precision
        Tensor<T> x = Random(shape, mean: 1000);
        Standardizer standardizer = Standardizer.Fit(x);
        Tensor<T> y = standardizer.Apply(x);
        foreach ((int feature, double[] before, double[] after) in Features(x).Zip(Features(y), (a, b) => (a.Feature, a.Values, b.Values)))
        {
            double mean = before.Average(), variance = before.Average(value => (value - mean) * (value - mean));
            Assert.That(standardizer.Means[feature], Is.EqualTo(mean).Within(1e-12 * Math.Abs(mean)));
            Assert.That(standardizer.Deviations[feature], Is.EqualTo(Math.Sqrt(variance)).Within(1e-9));
            Assert.That(after.Average(), Is.EqualTo(0).Within(Tolerance));
            Assert.That(after.Average(value => value * value), Is.EqualTo(variance == 0 ? 0 : 1).Within(4 * Tolerance));
        }
        Close(standardizer.Invert(y), x);
    }

    /// <summary>Catches: ranges of the wrong axis, a scale that is not the asked one.</summary>
    [TestCaseSource(nameof(Shapes))]
    public void TheTrainingPartHasTheRange(Shape shape)
    {
        Tensor<T> x = Random(shape, mean: -3);
        Rescaler rescaler = Rescaler.Fit(x, -1, 3);
        Tensor<T> y = rescaler.Apply(x);
        foreach ((int feature, double[] before, double[] after) in Features(x).Zip(Features(y), (a, b) => (a.Feature, a.Values, b.Values)))
        {
            Assert.That((rescaler.Minimum[feature], rescaler.Maximum[feature]), Is.EqualTo((before.Min(), before.Max())));
            Assert.That(after.Min(), Is.EqualTo(-1).Within(Tolerance));
            Assert.That(after.Max(), Is.EqualTo(before.Length == 1 ? -1 : 3).Within(4 * Tolerance));
        }
        Close(rescaler.Invert(y), x);
    }

    /// <summary>Catches: a division by 0, or by the rounding error of a mean; and a constant that others of the feature leave.</summary>
    [Test]
    public void AConstantFeatureBecomesZero([Values(0.1, 0, -7e30)] double constant)
    {
        Tensor<T> x = Tensor<T>.Full([1003, 1], T.CreateTruncating(constant));
        Assert.That(Standardizer.Fit(x).Apply(x).ToArray(), Is.All.EqualTo(T.Zero));
        Assert.That(Standardizer.Fit(x).Deviations[0], Is.Zero);
        Assert.That(Standardizer.Fit(x).Apply(Tensor<T>.Full([2, 1], T.One)).ToArray(), Is.All.EqualTo(T.Zero));
        Assert.That(Standardizer.Fit(x).Invert(Tensor<T>.Zeros([2, 1])).ToArray(), Is.All.EqualTo(T.CreateTruncating(constant)));
        Assert.That(Rescaler.Fit(x, 2, 5).Apply(x).ToArray(), Is.All.EqualTo(T.CreateTruncating(2)));
    }

    /// <summary>Catches: a test part that is scaled by its own mean; answers or names that are lost.</summary>
    [Test]
    public void TheTestPartIsScaledByTheTrainingPart()
    {
        Dataset<T> train = new(Tensor<T>.From([T.Zero, T.CreateTruncating(2)], [2, 1]), [0, 1]) { FeatureNames = ["x"] };
        Dataset<T> test = new(Tensor<T>.From([T.CreateTruncating(5)], [1, 1]), [1]) { FeatureNames = ["x"] };
        Dataset<T> scaled = Standardizer.Fit(train).Apply(test), ranged = Rescaler.Fit(train).Apply(test);
        Assert.That((scaled.Inputs.Item, ranged.Inputs.Item), Is.EqualTo((T.CreateTruncating(4), T.CreateTruncating(2.5))));
        Assert.That((scaled.Labels[0], scaled.FeatureNames[0]), Is.EqualTo((1, "x")));
    }

    /// <summary>Catches: sums whose order depends on the number of threads.</summary>
    [Test]
    public void TheNumberOfThreadsChangesNoBit()
    {
        Tensor<T> x = Random([70, 3, 1024], mean: 2);
        int before = Workers.Count;
        try
        {
            (double[] Means, double[] Deviations, T[] Values)[] results = [.. new[] { 1, 2, 7 }.Select(threads =>
            {
                Workers.Count = threads;
                Standardizer fitted = Standardizer.Fit(x);
                return (fitted.Means.ToArray(), fitted.Deviations.ToArray(), fitted.Apply(x).ToArray());
            })];
            foreach ((double[] means, double[] deviations, T[] values) in results[1..])
            {
                SameBits.Check<double>(means, results[0].Means, "means");
                SameBits.Check<double>(deviations, results[0].Deviations, "deviations");
                SameBits.Check<T>(values, results[0].Values, "values");
            }
        }
        finally
        {
            Workers.Count = before;
        }
    }

    /// <summary>Catches: a saved scaler that computes other numbers.</summary>
    [Test]
    public void AScalerFromSavedNumbersIsTheSame()
    {
        Tensor<T> x = Random([20, 3], mean: 4);
        Standardizer standardizer = Standardizer.Fit(x);
        Rescaler rescaler = Rescaler.Fit(x, -2, 2);
        SameBits.Check<T>(
            new Standardizer(standardizer.Means, standardizer.Deviations).Apply(x).Span, standardizer.Apply(x).Span, "standardized");
        SameBits.Check<T>(new Rescaler(rescaler.Minimum, rescaler.Maximum, -2, 2).Apply(x).Span, rescaler.Apply(x).Span, "rescaled");
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        Tensor<T> x = Random([4, 3], mean: 0), hole = Tensor<T>.From([T.One, T.One, T.One, T.NaN], [2, 2]);
        yield return Case(() => Standardizer.Fit(hole), "Standardizer.Fit: got NaN in example 1, feature 1, expected finite numbers");
        yield return Case(() => Rescaler.Fit(hole), "Rescaler.Fit: got NaN in example 1, feature 1");
        yield return Case(() => Standardizer.Fit(Tensor<T>.Zeros([0, 3])), "got the shape [0, 3], expected [n, features, …]");
        yield return Case(() => Standardizer.Fit(x).Apply(Tensor<T>.Zeros([4, 2])), "[4, 2] with 2 features, expected 3");
        yield return Case(() => Rescaler.Fit(x).Invert(Tensor<T>.Zeros([3])), "[3] with 1 features, expected 3");
        yield return Case(() => Rescaler.Fit(x, 1, 1), "got the range from 1 to 1");
        yield return Case(() => Rescaler.Fit(x, 0, double.PositiveInfinity), "expected finite numbers, low < high");
        yield return Case(() => new Standardizer([1], [1, 2]), "got 1 means and 2 deviations");
        yield return Case(() => new Standardizer([], []), "got 0 means and 0 deviations");
        yield return Case(() => new Standardizer([1], [-1]), "the deviation -1 of feature 0");
        yield return Case(() => new Rescaler([1, 2], [1]), "got 2 smallest and 1 largest values");
        yield return Case(() => new Rescaler([1, 2], [1, 1]), "got feature 1 from 2 to 1");

        static TestCaseData Case(Func<object> make, string message) => new(make, message);
    }

    /// <summary>Catches: statistics that are NaN, or a scaler that is applied to other features.</summary>
    [TestCaseSource(nameof(Wrong))]
    public void AWrongArgumentIsNamed(Func<object> make, string message) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    private static Tensor<T> Random(in Shape shape, double mean) => Tensor<T>.RandomNormal(shape, RandomKey.FromSeed(8), mean);

    private static void Close(Tensor<T> actual, Tensor<T> expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        foreach ((T a, T e) in actual.ToArray().Zip(expected.ToArray()))
        {
            double right = double.CreateTruncating(e);
            Assert.That(double.CreateTruncating(a), Is.EqualTo(right).Within(Tolerance * (1 + Math.Abs(right))));
        }
    }

    private static IEnumerable<(int Feature, double[] Values)> Features(Tensor<T> x)
    {
        int features = x.Shape.Rank > 1 ? x.Shape[1] : 1, inner = x.Length / x.Shape[0] / features;
        T[] values = x.ToArray();
        return Enumerable.Range(0, features).Select(
            feature => (feature, values.Where((_, i) => i / inner % features == feature).Select(double.CreateTruncating).ToArray()));
    }
}
