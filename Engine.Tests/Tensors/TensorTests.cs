namespace Engine.Tests;

/// <summary>What a tensor tells about its elements, and which types they may have.</summary>
internal sealed class TensorTests
{
    private static readonly Tensor<float> s_x = Tensor<float>.From([3, 1, 4, 1, 5, 5, float.NegativeInfinity, -7, -8], [3, 3]);

    [Test]
    public void Smallest_and_largest()
    {
        Assert.That((s_x.Min(), s_x.Max()), Is.EqualTo((float.NegativeInfinity, 5f)));
        Tensor<double> withNaN = Tensor<double>.From(1, double.NaN, 2);
        Assert.That((withNaN.Min(), withNaN.Max()), Is.EqualTo((double.NaN, double.NaN)));
        Assert.That(() => Tensor<float>.Zeros([0]).Max(), Throws.InvalidOperationException.With.Message.Contains("Max: got the shape [0]"));
        Assert.That(() => Tensor<float>.Zeros([0]).Min(), Throws.InvalidOperationException.With.Message.Contains("Min"));
    }

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
