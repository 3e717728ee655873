namespace Engine.Tests;

/// <summary>What a tensor tells about its elements, and which types they may have.</summary>
internal sealed class TensorTests
{
    private static readonly Tensor<float> s_x = Tensor<float>.From([3, 1, 4, 1, 5, 5, float.NegativeInfinity, -7, -8], [3, 3]);

    [Test]
    public void Index_of_the_largest()
    {
        Assert.That(s_x.ArgMax(), Is.EqualTo((int[])[2, 1, 1]));
        Assert.That(s_x.ArgMax(0), Is.EqualTo((int[])[0, 1, 1]));
        Assert.That(s_x.Reshape(-1).ArgMax(), Is.EqualTo((int[])[4]), "of equal ones the first");
        Assert.That(Tensor<float>.From([1, 2, 3, 4, 8, 7, 6, 5], [2, 2, 2]).ArgMax(1), Is.EqualTo((int[])[1, 1, 0, 0]));
        Assert.That(Tensor<float>.From(1, float.NaN, 9, float.NaN).ArgMax(), Is.EqualTo((int[])[1]));
        Assert.That(Tensor<float>.From(float.NaN, 9).ArgMax(), Is.EqualTo((int[])[0]));
        Assert.That(Tensor<float>.Zeros([0, 3]).ArgMax(), Is.Empty);
        Assert.That(Tensor<float>.Zeros([3, 0]).ArgMax(0), Is.Empty);
        Assert.That(() => Tensor<float>.Zeros([3, 0]).ArgMax(), Throws.InvalidOperationException.With.Message.Contains("[3, 0]"));
        Assert.That(() => s_x.ArgMax(2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ArgMax: got axis 2"));
    }

    [Test]
    public void Index_of_the_smallest()
    {
        Assert.That(s_x.ArgMin(), Is.EqualTo((int[])[1, 0, 0]));
        Assert.That(s_x.ArgMin(0), Is.EqualTo((int[])[2, 2, 2]));
        Assert.That(Tensor<float>.From(2, 1, 1).ArgMin(), Is.EqualTo((int[])[1]), "of equal ones the first");
        Assert.That(Tensor<float>.From(1, float.NaN, -9, float.NaN).ArgMin(), Is.EqualTo((int[])[1]));
        Assert.That(() => Tensor<float>.Zeros([3, 0]).ArgMin(), Throws.InvalidOperationException.With.Message.Contains("ArgMin"));
    }

    [Test]
    public void Ones_and_identity()
    {
        Assert.That(Tensor<float>.Ones([2, 2]).ToArray(), Is.EqualTo((float[])[1, 1, 1, 1]));
        Assert.That(Tensor<float>.Eye(2).ToArray(), Is.EqualTo((float[])[1, 0, 0, 1]));
        Assert.That(Tensor<float>.Eye(2, 3).ToArray(), Is.EqualTo((float[])[1, 0, 0, 0, 1, 0]));
        Assert.That(Tensor<float>.Eye(3, 2).ToArray(), Is.EqualTo((float[])[1, 0, 0, 1, 0, 0]));
        Assert.That(Tensor<float>.Eye(0, 2).Shape, Is.EqualTo(new Shape(0, 2)));
        Assert.That(static () => Tensor<float>.Eye(-1), Throws.ArgumentException);
    }

    /// <summary>
    /// An end that is an element, one element too few where the step does not divide, a sum of steps instead of a product.
    /// </summary>
    [Test]
    public void Numbers_at_equal_steps()
    {
        Assert.That(Tensor<float>.Arange(3).ToArray(), Is.EqualTo((float[])[0, 1, 2]));
        Assert.That(Tensor<float>.Arange(2.5).ToArray(), Is.EqualTo((float[])[0, 1, 2]));
        Assert.That(Tensor<double>.Arange(1, 2, 0.25).ToArray(), Is.EqualTo((double[])[1, 1.25, 1.5, 1.75]));
        Assert.That(Tensor<double>.Arange(3, 0, -2).ToArray(), Is.EqualTo((double[])[3, 1]));
        Assert.That(Tensor<double>.Arange(0, 1000, 0.1)[9_999], Is.EqualTo(9_999 * 0.1));
        Assert.That(Tensor<double>.Arange(4, 4).Shape, Is.EqualTo(new Shape(0)));
        const double inf = double.PositiveInfinity;
        foreach ((double start, double end, double step) in (ReadOnlySpan<(double, double, double)>)
            [(0, 1, 0), (0, -1, 1), (1, 0, 0.5), (0, double.NaN, 1), (0, inf, 1), (0, 1, inf), (2, 2, 0)])
        {
            Assert.That(
                () => Tensor<float>.Arange(start, end, step), Throws.InstanceOf<ArgumentOutOfRangeException>(), $"{start} {end} {step}");
        }
        Assert.That(static () => Tensor<float>.Arange(0, 1e300), Throws.ArgumentException.With.Message.Contains("1E+300"));
    }

    /// <summary>Ends that are missed by a rounding, elements that are not symmetric.</summary>
    [Test]
    public void Numbers_between_two_ends([Values(2, 3, 10, 50, 1001)] int count)
    {
        double[] x = Tensor<double>.Linspace(-0.1, 0.7, count).ToArray(), back = Tensor<double>.Linspace(0.7, -0.1, count).ToArray();
        Assert.That((x[0], x[^1]), Is.EqualTo((-0.1, 0.7)));
        Assert.That((back[0], back[^1]), Is.EqualTo((0.7, -0.1)), "0.7 and steps downwards give another number");
        Assert.That(x, Is.Ordered);
        Assert.That(back.Reverse(), Is.EqualTo(x).Within(1e-15));
        Assert.That(x[1] - x[0], Is.EqualTo(0.8 / (count - 1)).Within(1e-15));
        float[] symmetric = Tensor<float>.Linspace(-1, 1, count).ToArray();
        Assert.That(symmetric.Reverse().Select(static v => -v), Is.EqualTo(symmetric));
    }

    [Test]
    public void Numbers_between_two_ends_that_are_one_or_none()
    {
        Assert.That(Tensor<double>.Linspace(2, 5, 1).ToArray(), Is.EqualTo((double[])[2]));
        Assert.That(Tensor<double>.Linspace(2, 5, 0).Length, Is.Zero);
        Assert.That(static () => Tensor<double>.Linspace(2, 5, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => Tensor<double>.Linspace(double.NaN, 5, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            static () => Tensor<double>.Linspace(double.MinValue, double.MaxValue, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Another order of the random numbers than the key's, and swapped parameters.</summary>
    [Test]
    public void Random_elements_are_those_of_the_key()
    {
        RandomKey key = RandomKey.FromSeed(5);
        Assert.That(
            Tensor<double>.RandomUniform([2, 2], key, 3, 4).ToArray(),
            Is.EqualTo(Enumerable.Range(0, 4).Select(i => 3 + key.Uniform(i))));
        Assert.That(
            Tensor<double>.RandomNormal([4], key, 3, 2).ToArray(), Is.EqualTo(Enumerable.Range(0, 4).Select(i => 3 + 2 * key.Normal(i))));
        Assert.That(
            Tensor<double>.RandomNormal([9], key).ToArray(), Is.EqualTo(Initializers.Normal(0, 1).Create<double>([9], key).ToArray()));
        Assert.That(Tensor<float>.Random([3], key, Distribution.Constant(2)).ToArray(), Is.All.EqualTo(2f));
        Assert.That(
            () => Tensor<float>.RandomUniform([3], key, 2, 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("RandomUniform"));
        Assert.That(
            () => Tensor<float>.RandomNormal([3], key, 0, -1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("RandomNormal"));
    }

    /// <summary>A type that the constraints admit and no kernel is for.</summary>
    [Test]
    public void Elements_are_float_or_double()
    {
        Action[] uses =
        [
            static () => Tensor<Half>.Zeros([2]), static () => Tensor<Half>.From((Half)1), static () => Tensor<Half>.Full([0], (Half)1),
            static () => new Parameter<Half>("p", default), static () => new Tape<Half>(), static () => new Optimizer<Half>(),
            static () => new Sequential<Half>(), static () => new Linear<Half>(2, 2, default),
            static () => RandomKey.FromSeed(1).FillUniform(new Half[2].AsSpan()),
            static () => RandomKey.FromSeed(1).FillNormal(new Half[2].AsSpan()),
            static () => Tensor<Half>.Ones([2]), static () => Tensor<Half>.Arange(3), static () => Tensor<Half>.RandomNormal([2], default),
            static () => Initializers.Uniform(0, 1).Create<Half>([2], default),
            static () => Tape<System.Runtime.InteropServices.NFloat>.Allocate([2], out _),
        ];
        foreach (Action use in uses)
        {
            Assert.That(() => use(), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("expected float or double"));
        }
    }

    /// <summary>Pinned arrays for results that live for a moment: each brings a collection of the oldest generation nearer.</summary>
    [Test]
    [NonParallelizable]
    public void Forward_passes_outside_a_recording_collect_only_the_young()
    {
        Tensor<float> x = Tensor<float>.Full([60, 256], 1);
        int before = GC.CollectionCount(2);
        for (int i = 0; i < 20_000; i++)
        {
            _ = (x + x).Relu();
        }
        Assert.That(GC.CollectionCount(2) - before, Is.LessThan(20));
    }
}
