using System.Numerics;

namespace Engine.Tests;

/// <summary>Laws of the normalizations of groups, of channels and without a mean.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class GroupNormTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(13);

    private static double Epsilon => typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;

    private static readonly int[][] s_shapes = [[4, 6], [3, 6, 5], [2, 12, 3, 7], [1, 6, 130], [5, 6, 1]];

    /// <summary>Statistics over a part of the example, or over several examples.</summary>
    [TestCaseSource(nameof(s_shapes))]
    public void Group_norm_with_one_group_is_layer_norm_of_the_example(params int[] extents)
    {
        Shape shape = new(extents);
        Tensor<T> x = Tensor<T>.RandomNormal(shape, s_key, 3, 2), g = Tensor<T>.RandomNormal(shape, s_key.Fold(1));
        (T[] y, T[] dx) = Step(x, g, static x => x.GroupNorm(1));
        (T[] expected, T[] expectedDx) = Step(x, g, x => x.LayerNorm(new Shape(extents[1..])));
        SameBits.Check<T>(y, expected, "y");
        SameBits.Check<T>(dx, expectedDx, "dx");
        Tensor<T> weight = Tensor<T>.RandomNormal([6], s_key.Fold(2)), bias = Tensor<T>.RandomNormal([6], s_key.Fold(3));
        if (extents.Length == 2)
        {
            (y, dx) = Step(x, g, x => x.GroupNorm(1, weight, bias));
            (expected, expectedDx) = Step(x, g, x => x.LayerNorm(weight, bias));
            SameBits.Check<T>(y, expected, "y with a scale");
            SameBits.Check<T>(dx, expectedDx, "dx with a scale");
        }
    }

    /// <summary>A γ or β of another channel or group, in values or gradients, against its definition in other operations.</summary>
    [TestCaseSource(nameof(s_shapes))]
    public void Group_norm_is_scaled_and_shifted_by_channel(params int[] extents)
    {
        Shape shape = new(extents);
        int channels = extents[1], run = shape.Length / extents[0] / channels;
        foreach (int groups in (int[])[1, 2, 3])
        {
            Parameter<T>[] fused = Parameters(), composed = Parameters();
            Tape<T> tape = new();
            Tensor<T> g = Tensor<T>.RandomNormal(shape, s_key.Fold(1));
            double[] y, expected;
            using (tape.Record())
            {
                Tensor<T> output = fused[0].Value.GroupNorm(groups, fused[1].Value, fused[2].Value);
                tape.Backward(output, g);
                y = Closeness.Doubles(output);
            }
            using (tape.Record())
            {
                Tensor<T> rows = composed[0].Value.Reshape(extents[0] * groups, channels / groups * run);
                Tensor<T> normal = (rows - rows.Mean(1, keepDimensions: true))
                    / (rows.Variance(1, keepDimensions: true, correction: 0) + 1e-5).Sqrt();
                Tensor<T> output = normal.Reshape(extents[0], channels, run) * composed[1].Value.Reshape(channels, 1)
                    + composed[2].Value.Reshape(channels, 1);
                tape.Backward(output, g.Reshape(output.Shape));
                expected = Closeness.Doubles(output);
            }
            Assert.That(y, Is.EqualTo(expected).Within(100 * Epsilon), $"{groups} groups");
            foreach ((Parameter<T> one, Parameter<T> other) in fused.Zip(composed))
            {
                Assert.That(
                    Closeness.Doubles(one.Gradient), Is.EqualTo(Closeness.Doubles(other.Gradient)).Within(1000 * Epsilon),
                    $"{groups} groups, {one.Name}");
            }
        }

        Parameter<T>[] Parameters() =>
        [
            new("x", Tensor<T>.RandomNormal(shape, s_key, 1, 2)), new("weight", Tensor<T>.RandomNormal([channels], s_key.Fold(2), 1)),
            new("bias", Tensor<T>.RandomNormal([channels], s_key.Fold(3))),
        ];
    }

    [Test]
    public void Instance_norm_is_group_norm_with_a_group_for_each_channel()
    {
        foreach (Shape shape in (Shape[])[[3, 4, 5], [2, 3, 4, 2]])
        {
            Tensor<T> x = Tensor<T>.RandomNormal(shape, s_key, 3, 2), g = Tensor<T>.RandomNormal(shape, s_key.Fold(1)),
                weight = Tensor<T>.RandomNormal([shape[1]], s_key.Fold(2)), bias = Tensor<T>.RandomNormal([shape[1]], s_key.Fold(3));
            foreach (bool affine in (bool[])[false, true])
            {
                (T[] y, T[] dx) = Step(x, g, x => affine ? x.InstanceNorm(weight, bias) : x.InstanceNorm());
                (T[] expected, T[] expectedDx) = Step(
                    x, g, x => affine ? x.GroupNorm(x.Shape[1], weight, bias) : x.GroupNorm(x.Shape[1]));
                SameBits.Check<T>(y, expected, "y");
                SameBits.Check<T>(dx, expectedDx, "dx");
            }
        }
    }

    /// <summary>A mean that is subtracted, a root of the sum instead of the mean, an ε outside of the root.</summary>
    [Test]
    public void Rms_norm_divides_by_the_root_of_the_mean_square([Values(1, 5, 64, 257)] int n, [Values(0.01, null)] double? epsilon)
    {
        Tensor<T> x = Tensor<T>.RandomNormal([7, n], s_key, 1, 1), g = Tensor<T>.RandomNormal([7, n], s_key.Fold(1)),
            weight = Tensor<T>.RandomNormal([n], s_key.Fold(2));
        double added = epsilon ?? Math.Pow(2, typeof(T) == typeof(float) ? -23 : -52);
        (T[] y, T[] dx) = Step(x, g, x => x.RmsNorm(weight, epsilon));
        (T[] expected, T[] expectedDx) = Step(x, g, x => x / (x.Square().Mean(1, keepDimensions: true) + added).Sqrt() * weight);
        Near(y, expected);
        Near(dx, expectedDx);
        Near(new RmsNorm<T>([n], epsilon).Forward(x).ToArray(), x.RmsNorm([n], epsilon).ToArray());

        static void Near(T[] actual, T[] expected) => Assert.That(
            Array.ConvertAll(actual, double.CreateTruncating),
            Is.EqualTo(Array.ConvertAll(expected, double.CreateTruncating)).Within(200 * Epsilon));
    }

    /// <summary>Results that depend on how many threads share the work.</summary>
    [Test]
    public void Threads_do_not_change_a_bit()
    {
        T[] one = Run(1), seven = Run(7);
        SameBits.Check<T>(seven, one, "seven threads");

        static T[] Run(int threads)
        {
            using Threads _ = Threads.Set(threads);
            Parameter<T> x = new("x", Tensor<T>.RandomNormal([41, 12, 101], s_key, 0.5, 2));
            Sequential<T> model = new(
                new GroupNorm<T>(3, 12), new InstanceNorm<T>(12, affine: true), new InstanceNorm<T>(12), new RmsNorm<T>([101]));
            Tape<T> tape = new();
            using (tape.Record())
            {
                Tensor<T> y = model.Forward(x.Value), vectors = x.Value.Reshape(4141, 12).GroupNorm(2);
                Tensor<T> reductions = y.Variance([0, 2]) + y.LogSumExp([0, 2]) + y.Max([0, 2]) + y.Norm([0, 2], p: 2)
                    + y.CumulativeSum(0).StandardDeviation([0, 2]);
                tape.Backward(reductions.Sum() + (y * y).Sum() + vectors.CumulativeSum(0).Norm() + x.Value.Product());
                return [
                    .. y.ToArray(), .. reductions.ToArray(), .. x.Gradient.ToArray(),
                    .. model.Parameters.SelectMany(static p => p.Gradient.ToArray())];
            }
        }
    }

    [Test]
    public void Training_and_evaluation_are_the_same()
    {
        Tensor<T> x = Tensor<T>.RandomNormal([2, 4, 3], s_key);
        foreach (Layer<T> layer in (Layer<T>[])[new GroupNorm<T>(2, 4), new InstanceNorm<T>(4), new RmsNorm<T>([3])])
        {
            T[] trained = layer.Forward(x).ToArray();
            layer.Training = false;
            SameBits.Check<T>(layer.Forward(x).ToArray(), trained, layer.ToString());
        }
    }

    [Test]
    public void Wrong_shapes_are_errors()
    {
        Tensor<T> x = Tensor<T>.Ones([2, 6, 3]), six = Tensor<T>.Ones([6]), five = Tensor<T>.Ones([5]);
        Assert.That(
            () => x.GroupNorm(4), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("GroupNorm: got 4 groups"));
        Assert.That(() => x.GroupNorm(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.GroupNorm(2, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.GroupNorm(2, five, five), Throws.ArgumentException.With.Message.Contains("[5]").And.Message.Contains("[6]"));
        Assert.That(() => x.GroupNorm(2, six, five), Throws.ArgumentException);
        Assert.That(() => six.GroupNorm(2), Throws.ArgumentException.With.Message.Contains("[batch, channels]"));
        Assert.That(() => Tensor<T>.Ones([2, 6]).GroupNorm(6), Throws.ArgumentException.With.Message.Contains("more than one"));
        Assert.That(() => Tensor<T>.Ones([2, 6]).InstanceNorm(), Throws.ArgumentException.With.Message.Contains("InstanceNorm"));
        Assert.That(() => Tensor<T>.Ones([2, 6, 1]).InstanceNorm(), Throws.ArgumentException.With.Message.Contains("more than one"));
        Assert.That(() => x.InstanceNorm(five, five), Throws.ArgumentException.With.Message.Contains("InstanceNorm: got a weight"));
        Assert.That(() => x.RmsNorm(six), Throws.ArgumentException.With.Message.Contains("RmsNorm"));
        Assert.That(() => x.RmsNorm([3], -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.RmsNorm([], 1), Throws.ArgumentException);
        Assert.That(() => new GroupNorm<T>(2, 4).Forward(x), Throws.ArgumentException.With.Message.Contains("[batch, 4]"));
        Assert.That(() => new InstanceNorm<T>(4).Forward(x), Throws.ArgumentException.With.Message.Contains("[batch, 4, length, ..]"));
        Assert.That(() => new RmsNorm<T>([4]).Forward(x), Throws.ArgumentException);
    }

    [Test]
    public void Constructors_refuse_what_makes_no_layer()
    {
        Assert.That(static () => new GroupNorm<T>(0, 4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new GroupNorm<T>(3, 4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new GroupNorm<T>(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new GroupNorm<T>(1, 4, epsilon: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new InstanceNorm<T>(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new InstanceNorm<T>(1, epsilon: double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new RmsNorm<T>([]), Throws.ArgumentException);
        Assert.That(static () => new RmsNorm<T>([3, 0]), Throws.ArgumentException);
        Assert.That(static () => new RmsNorm<T>([3], epsilon: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static (T[] Y, T[] Dx) Step(Tensor<T> x, Tensor<T> g, Func<Tensor<T>, Tensor<T>> function)
    {
        Parameter<T> input = new("x", x);
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = function(input.Value);
            tape.Backward(y, g);
            return (y.ToArray(), input.Gradient.ToArray());
        }
    }
}
