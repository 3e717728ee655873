namespace Engine.Tests.Logging;

/// <summary>The intervals of histograms, against those that PyTorch writes and a count by hand.</summary>
public sealed class HistogramBucketsTests
{
    private static readonly double[] Values =
        [.. Golden.Load("events/histogram.json").GetProperty("values").EnumerateArray().Select(static v => v.GetDouble())];

    /// <summary>
    /// Catches: other edges than TensorBoard's, a value in the interval beside its own. PyTorch's histograms have more intervals; each of
    /// ours must be the union of some of them, with the sum of their counts.
    /// </summary>
    [TestCase(0)]
    [TestCase(1)]
    public void They_are_unions_of_those_that_PyTorch_writes(int step)
    {
        HistogramSummary golden = EventFile.Read(GoldenEvents.PathOf("run/events.out.tfevents.sample")).OfType<RunEvent.Histogram>()
            .Single(histogram => histogram.Step == step).Summary;
        HistogramSummary ours = Fill(step == 0 ? Values : Array.ConvertAll(Values, static x => 2 * x + 1));
        Assert.That((ours.Minimum, ours.Maximum, ours.Count), Is.EqualTo((golden.Minimum, golden.Maximum, golden.Count)));
        Assert.That(ours.Sum, Is.EqualTo(golden.Sum).Within(1e-10));
        Assert.That(ours.SumOfSquares, Is.EqualTo(golden.SumOfSquares).Within(1e-10));
        Assert.That(ours.Limits, Has.Count.InRange(256, HistogramBuckets.MaxBuckets));
        Assert.That(golden.Limits, Has.Count.GreaterThan(HistogramBuckets.MaxBuckets));
        double low = double.MinValue;
        for (int i = 0; i < ours.Limits.Count; i++)
        {
            double count = golden.Limits.Zip(golden.Counts).Where(bucket => bucket.First > low && bucket.First <= ours.Limits[i])
                .Sum(static bucket => bucket.Second);
            Assert.That(ours.Counts[i], Is.EqualTo(count), $"up to {ours.Limits[i]}");
            low = ours.Limits[i];
        }
    }

    /// <summary>Catches: an edge that differs from PyTorch's in the last bit, where no intervals are merged.</summary>
    [Test]
    public void A_narrow_histogram_is_the_one_that_PyTorch_writes()
    {
        HistogramSummary golden = EventFile.Read(GoldenEvents.PathOf("run/events.out.tfevents.sample")).OfType<RunEvent.Histogram>()
            .First().Summary;
        HistogramSummary ours = Fill([.. Values.Where(static x => x > 0.01)]);
        Assert.That(ours.Limits, Is.SubsetOf(golden.Limits));
        Assert.That(ours.Counts.Skip(1), Is.EqualTo(golden.Limits.Zip(golden.Counts)
            .Where(bucket => bucket.First > ours.Limits[0] && bucket.First <= ours.Limits[^1]).Select(static bucket => bucket.Second)));
    }

    /// <summary>
    /// Catches: what importers refuse (more than 512 intervals, fewer than three limits, limits that do not ascend, a first interval that
    /// holds numbers), a number that is in none, and numbers in a wrong interval, at the edges above all.
    /// </summary>
    [TestCaseSource(nameof(Extremes))]
    public void Every_number_is_in_its_interval(double[] values)
    {
        HistogramSummary summary = Fill(values);
        double[] finite = [.. values.Where(double.IsFinite)];
        Assert.That(summary.Limits, Has.Count.InRange(3, HistogramBuckets.MaxBuckets).And.Count.EqualTo(summary.Counts.Count));
        Assert.That(summary.Limits, Is.Ordered.And.Unique);
        Assert.That(summary.Counts[0], Is.Zero);
        Assert.That((summary.Count, summary.Counts.Sum()), Is.EqualTo(((double)finite.Length, (double)finite.Length)));
        Assert.That(summary.Minimum, Is.EqualTo(finite.DefaultIfEmpty(0).Min()));
        Assert.That(summary.Maximum, Is.EqualTo(finite.DefaultIfEmpty(0).Max()));
        for (int i = 1; i < summary.Limits.Count; i++)
        {
            double left = summary.Limits[i - 1], right = summary.Limits[i];
            int count = finite.Count(x => x >= left && (x < right || right == double.MaxValue));
            Assert.That(summary.Counts[i], Is.EqualTo(count), $"{left} to {right}");
        }
    }

    /// <summary>Catches: a float that is counted by another path than the double that equals it.</summary>
    [Test]
    public void Floats_are_counted_as_doubles()
    {
        float[] floats = [.. Values.Select(static x => (float)x)];
        HistogramBuckets single = new(), wide = new();
        single.Fill<float>(floats);
        wide.Fill<double>(Array.ConvertAll(floats, static x => (double)x));
        Assert.That(single.ToSummary().Counts, Is.EqualTo(wide.ToSummary().Counts));
        Assert.That(single.Sum, Is.EqualTo(wide.Sum));
    }

    private static IEnumerable<TestCaseData> Extremes()
    {
        double[] edges = [.. Edges().SelectMany(static edge => new[] { edge, Math.BitDecrement(edge), Math.BitIncrement(edge) })];
        (string, double[])[] cases =
        [
            ("zero", [0]), ("minus zero", [-0.0]), ("one", [1]), ("minus one", [-1, -1]), ("tiny", [double.Epsilon, -double.Epsilon]),
            ("largest", [double.MaxValue]), ("most negative", [double.MinValue]), ("both ends", [double.MinValue, double.MaxValue]),
            ("nothing finite", [double.NaN, double.PositiveInfinity, double.NegativeInfinity]), ("some finite", [double.NaN, 3, 4]),
            ("beyond the edges", [1e20, 1e21, -1e21]), ("first edge", [1e-12, -1e-12]), ("all edges", edges),
            ("a normal distribution", Values),
        ];
        foreach ((string name, double[] values) in cases)
        {
            yield return new TestCaseData(values).SetArgDisplayNames(name);
        }
    }

    private static IEnumerable<double> Edges()
    {
        for (double edge = 1e-12; edge < 1e20; edge *= 1.1)
        {
            yield return edge;
            yield return -edge;
        }
    }

    private static HistogramSummary Fill(double[] values)
    {
        HistogramBuckets buckets = new();
        buckets.Fill<double>([1e5, -7]); // what was there before must not count
        buckets.Fill<double>(values);
        return buckets.ToSummary();
    }
}
