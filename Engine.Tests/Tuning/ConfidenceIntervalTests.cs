namespace Engine.Tests.Tuning;

/// <summary>Student's interval against MathNet.Numerics, and its definition.</summary>
public sealed class ConfidenceIntervalTests
{
    /// <summary>Catches: even and odd degrees of freedom exchanged, a term too many, one tail instead of two.</summary>
    [Test]
    public void The_half_width_is_that_of_MathNet(
        [Values(2, 3, 4, 5, 6, 11, 30, 101)] int count, [Values(0.5, 0.9, 0.95, 0.999)] double confidence)
    {
        double[] measurements = new double[count];
        RandomKey.FromSeed(count).FillNormal<double>(measurements);
        double mean = measurements.Average();
        double deviation = Math.Sqrt(measurements.Sum(x => (x - mean) * (x - mean)) / (count - 1));
        double quantile = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, count - 1, 0.5 + confidence / 2);
        double expected = quantile * deviation / Math.Sqrt(count);
        ConfidenceInterval interval = ConfidenceInterval.Of(measurements, confidence);
        Assert.That(interval.Mean, Is.EqualTo(mean).Within(1e-15));
        Assert.That(interval.HalfWidth, Is.EqualTo(expected).Within(1e-8 * expected), "MathNet's inverse has eight digits");
        Assert.That(interval.High - interval.Low, Is.EqualTo(2 * interval.HalfWidth).Within(1e-14 * interval.HalfWidth));
    }

    [Test]
    public void Fewer_than_two_measurements_have_no_width()
    {
        Assert.That(ConfidenceInterval.Of([]), Is.EqualTo(new ConfidenceInterval(double.NaN, double.NaN, 0)));
        Assert.That(ConfidenceInterval.Of([3]), Is.EqualTo(new ConfidenceInterval(3, double.NaN, 1)));
        Assert.That(ConfidenceInterval.Of([3]).ToString(), Is.EqualTo("3"));
        Assert.That(ConfidenceInterval.Of([2, 2]), Is.EqualTo(new ConfidenceInterval(2, 0, 2)));
        Assert.That(
            () => ConfidenceInterval.Of([1, 2], 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("a confidence of 1"));
    }
}
