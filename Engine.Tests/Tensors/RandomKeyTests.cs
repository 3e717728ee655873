using Engine.Kernels;
using MathNet.Numerics.Distributions;

namespace Engine.Tests;

/// <summary>Laws of random numbers by coordinates.</summary>
internal sealed unsafe class RandomKeyTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(20261122).Fold("test");

    /// <summary>The published answers of Philox4x32-10 (Random123, kat_vectors): a wrong constant, round count or word order.</summary>
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u)]
    [TestCase(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu)]
    [
        TestCase(
            0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u, 0xA4093822u, 0x299F31D0u, 0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u,
            0x24126EA1u)]
    public void Blocks_are_the_published_ones(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
    {
        (ulong first, ulong second) = Philox.Words(c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32), k0 | ((ulong)k1 << 32));
        Assert.That((first, second), Is.EqualTo((r0 | ((ulong)r1 << 32), r2 | ((ulong)r3 << 32))));
    }

    /// <summary>The vectorized blocks: wrong order, a carry lost at 2³², upper halves that leak into the result.</summary>
    [Test]
    public void Many_blocks_are_each_block(
        [Values(0UL, 0xFFFFFFFDUL, ulong.MaxValue - 2)] ulong index, [Values(1, 3, 4, 5, 13)] int blocks)
    {
        ulong stream = 0xFEDCBA9876543210, key = 0x89ABCDEF01234567;
        ulong* words = stackalloc ulong[2 * blocks + 1];
        words[2 * blocks] = 42;
        Philox.Fill(words, blocks, index, stream, key);
        for (int block = 0; block < blocks; block++)
        {
            Assert.That(
                (words[2 * block], words[2 * block + 1]), Is.EqualTo(Philox.Words(index + (ulong)block, stream, key)), $"block {block}");
        }
        Assert.That(words[2 * blocks], Is.EqualTo(42UL), "written beyond the end");
    }

    /// <summary>Numbers that depend on where a fill begins, how long it is, or who fills.</summary>
    [Test]
    public void Fills_are_windows_of_one_table([Values(1, 7)] int threads, [Values(0, 1, 4095, 4096)] int first)
    {
        using Threads _ = Threads.Set(threads);
        double[] uniform = new double[9001], normal = new double[9001];
        float[] single = new float[9001];
        s_key.FillUniform<double>(uniform, -2, 3, first);
        s_key.FillNormal<double>(normal, 1, 2, first);
        s_key.FillNormal<float>(single, 1, 2, first);
        for (int i = 0; i < uniform.Length; i++)
        {
            Assert.That(uniform[i], Is.EqualTo(-2 + 5 * s_key.Uniform(first + i)));
            Assert.That(normal[i], Is.EqualTo(1 + 2 * s_key.Normal(first + i)));
            Assert.That(single[i], Is.EqualTo((float)normal[i]), "float is double, rounded");
        }
    }

    /// <summary>Bits dropped or doubled, a wrong scale: the mean, variance and Kolmogorov–Smirnov distance of many numbers.</summary>
    [Test]
    [Category("Slow")]
    public void Numbers_have_their_distribution()
    {
        const int n = 300_000;
        double[] uniform = new double[n], normal = new double[n];
        s_key.FillUniform<double>(uniform);
        s_key.FillNormal<double>(normal);
        Assert.That(uniform, Is.All.GreaterThanOrEqualTo(0).And.All.LessThan(1));
        Assert.That(uniform.Average(), Is.EqualTo(0.5).Within(5 / Math.Sqrt(12.0 * n)));
        Assert.That(normal.Average(), Is.EqualTo(0).Within(5 / Math.Sqrt(n)));
        Assert.That(normal.Select(static z => z * z).Average(), Is.EqualTo(1).Within(5 * Math.Sqrt(2.0 / n)));
        Assert.That(normal.Select(static z => z * z * z * z).Average(), Is.EqualTo(3).Within(5 * Math.Sqrt(96.0 / n)));
        Assert.That(Distance(uniform, static u => u), Is.LessThan(1.95 / Math.Sqrt(n)), "one in a thousand is farther");
        Assert.That(Distance(normal, static z => Normal.CDF(0, 1, z)), Is.LessThan(1.95 / Math.Sqrt(n)));
        double neighbors = uniform.Zip(uniform.Skip(1), static (a, b) => (a - 0.5) * (b - 0.5)).Average();
        Assert.That(neighbors, Is.EqualTo(0).Within(5 / 12.0 / Math.Sqrt(n)), "neighbors are uncorrelated");
    }

    /// <summary>
    /// Values from Python's statistics.NormalDist: a wrong coefficient, or the wrong side of a tail. The arguments reach all three
    /// branches and both signs.
    /// </summary>
    [TestCase(0.5, 0)]
    [TestCase(0.3, -0.5244005127080407)]
    [TestCase(0.975, 1.9599639845400536)]
    [TestCase(1e-10, -6.361340902404056)]
    [TestCase(1.1102230246251565e-16, -8.209536151601386)]
    [TestCase(1e-300, -37.0470962993612)]
    public void Quantiles_of_the_normal_distribution(double p, double expected) =>
        Assert.That(NormalQuantile.Of<Scalar<double>>(p).Value, Is.EqualTo(expected).Within(4e-15 * Math.Abs(expected)));

    /// <summary>Keys that are the same although what was folded in differs.</summary>
    [Test]
    public void Different_coordinates_give_different_keys()
    {
        RandomKey root = RandomKey.FromSeed(1);
        List<RandomKey> keys = [
            root, RandomKey.FromSeed(2), RandomKey.FromSeed(-1), root.Fold(""), root.Fold("a"), root.Fold("b"), root.Fold("ab"),
            root.Fold("a").Fold("b"), root.Fold("b").Fold("a")];
        for (long i = -3; i < 100; i++)
        {
            keys.Add(root.Fold(i));
            keys.Add(root.Fold("a").Fold(i));
        }
        Assert.That(keys, Is.Unique);
        Assert.That(keys.Select(static key => key.Uniform(0)), Is.Unique);
        Assert.That(root.Fold("a"), Is.EqualTo(RandomKey.FromSeed(1).Fold("a")), "a key is a value");
    }

    /// <summary>A shuffle that loses an element, favors places, or repeats itself.</summary>
    [Test]
    public void Permutations_are_permutations_and_every_order_comes_as_often()
    {
        foreach (int count in (int[])[0, 1, 2, 1000])
        {
            Assert.That(s_key.Permutation(count).Order(), Is.EqualTo(Enumerable.Range(0, count)));
        }
        Dictionary<string, int> counts = [];
        const int draws = 24_000;
        for (int i = 0; i < draws; i++)
        {
            string order = string.Join(' ', s_key.Fold(i).Permutation(4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        double expected = draws / 24.0;
        double chiSquare = counts.Values.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.That(counts, Has.Count.EqualTo(24));
        Assert.That(chiSquare, Is.LessThan(49.7), "one in a thousand of 23 degrees of freedom is larger");
    }

    /// <summary>The table itself is part of what is promised: other numbers break saved runs.</summary>
    [Test]
    public void The_table_of_a_seed_never_changes()
    {
        RandomKey key = RandomKey.FromSeed(42).Fold("dropout").Fold(7);
        Assert.That(key.ToString(), Is.EqualTo(KeyBits));
        Assert.That(key.Permutation(10), Is.EqualTo(s_order));
    }

    [Test]
    public void Negative_indices_are_errors()
    {
        Assert.That(static () => s_key.Uniform(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => s_key.Normal(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => s_key.FillUniform<float>(new float[1], first: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => s_key.Permutation(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private const string KeyBits = "f68c69de75eec51aeb47fff6fcfe8ff0";
    private static readonly int[] s_order = [1, 5, 3, 2, 6, 8, 7, 4, 0, 9];

    private static double Distance(double[] sample, Func<double, double> distribution)
    {
        double[] sorted = [.. sample.Order()];
        double distance = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double f = distribution(sorted[i]);
            distance = Math.Max(distance, Math.Max((i + 1.0) / sorted.Length - f, f - (double)i / sorted.Length));
        }
        return distance;
    }

    [TestCase(double.NaN, 1)]
    [TestCase(0, double.NaN)]
    [TestCase(double.NegativeInfinity, 1)]
    [TestCase(0, double.PositiveInfinity)]
    [TestCase(-double.MaxValue, double.MaxValue)]
    [TestCase(2, 1)]
    public void Bounds_that_are_no_interval_are_refused(double low, double high)
    {
        float[] values = [7];
        Assert.That(
            () => s_key.FillUniform(values.AsSpan(), low, high),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("FillUniform: got the bounds"));
        Assert.That(values[0], Is.EqualTo(7));
    }

    [TestCase(double.NaN, 1)]
    [TestCase(0, double.NaN)]
    [TestCase(double.PositiveInfinity, 1)]
    [TestCase(0, double.PositiveInfinity)]
    [TestCase(0, -1)]
    public void A_mean_or_deviation_that_is_no_number_is_refused(double mean, double standardDeviation)
    {
        float[] values = [7];
        Assert.That(
            () => s_key.FillNormal(values.AsSpan(), mean, standardDeviation),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("FillNormal: got mean"));
        Assert.That(values[0], Is.EqualTo(7));
    }
}
