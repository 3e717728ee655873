using System.Numerics;
using MathNet.Numerics.Statistics;

namespace Engine.Tests;

/// <summary>Laws of the layers that hold without an oracle.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class LayerLawsTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(11);

    private static double Epsilon => typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;

    private static readonly int[][] s_shapes = [
        [6, 4], [9, 300], [513, 33], [1100, 70], [150, 1200], [5, 7, 3], [3, 2, 4, 5], [9, 3, 4100]];

    /// <summary>
    /// A mean over the wrong axis, E[x²] − mean², an ε in the wrong place: each channel has mean 0 and variance v/(v + ε), also far from
    /// zero.
    /// </summary>
    [TestCaseSource(nameof(s_shapes))]
    [Category("Slow")]
    public void Batch_norm_has_mean_0_and_variance_1_in_each_channel(int[] shape)
    {
        Tensor<T> x = Normal(new Shape(shape), mean: 100, deviation: 3);
        double[][] channels = Channels(new BatchNorm<T>(shape[1], epsilon: 0).Forward(x));
        for (int channel = 0; channel < channels.Length; channel++)
        {
            Assert.That(channels[channel].Average(), Is.EqualTo(0).Within(200 * Epsilon), $"mean of channel {channel}");
            Assert.That(channels[channel].PopulationVariance(), Is.EqualTo(1).Within(200 * Epsilon), $"variance of channel {channel}");
        }
    }

    /// <summary>Running statistics that decay by the wrong factor, hold the biased variance, or move in evaluation.</summary>
    [TestCaseSource(nameof(s_shapes))]
    [Category("Slow")]
    public void Batch_norm_remembers_mean_and_unbiased_variance(int[] shape)
    {
        BatchNorm<T> constant = new(shape[1], momentum: 0.3), cumulative = new(shape[1], momentum: null);
        double[] mean = new double[shape[1]], meanSum = new double[shape[1]], variance = [.. Enumerable.Repeat(1.0, shape[1])],
            varianceSum = new double[shape[1]];
        for (int batch = 1; batch <= 3; batch++)
        {
            Tensor<T> x = Normal(new Shape(shape), batch, batch, seed: batch);
            constant.Forward(x);
            cumulative.Forward(x);
            double[][] channels = Channels(x);
            for (int channel = 0; channel < shape[1]; channel++)
            {
                double[] own = channels[channel];
                mean[channel] = 0.7 * mean[channel] + 0.3 * own.Mean();
                variance[channel] = 0.7 * variance[channel] + 0.3 * own.Variance();
                meanSum[channel] += own.Mean();
                varianceSum[channel] += own.Variance();
            }
            Near(constant.RunningMean!, mean);
            Near(constant.RunningVariance!, variance);
            Near(cumulative.RunningMean!, Array.ConvertAll(meanSum, s => s / batch));
            Near(cumulative.RunningVariance!, Array.ConvertAll(varianceSum, s => s / batch));
            Assert.That(constant.Counters[0].Value, Is.EqualTo(batch));
            T[] before = constant.RunningMean!.Value.ToArray();
            constant.Training = false;
            constant.Forward(x);
            constant.Training = true;
            Assert.That(constant.RunningMean.Value.ToArray(), Is.EqualTo(before), "evaluation changes nothing");
            Assert.That(constant.Counters[0].Value, Is.EqualTo(batch));
        }

        static void Near(NamedTensor<T> actual, double[] expected) =>
            Assert.That(
                Closeness.Doubles(actual.Value), Is.EqualTo(expected).Within(1000 * Epsilon * expected.Max(Math.Abs)), actual.Name);
    }

    /// <summary>A layer whose two modes are one: evaluation that uses the batch, or drops out.</summary>
    [Test]
    public void Evaluation_differs_from_training_where_it_must_and_nowhere_else()
    {
        Tensor<T> x = Normal([8, 5], 1, 2);
        Layer<T>[] different = [new BatchNorm<T>(5), new Dropout<T>(0.5, s_key)];
        Layer<T>[] same = [
            new BatchNorm<T>(5, trackRunningStatistics: false), new LayerNorm<T>([5]), new Linear<T>(5, 3, s_key), new Relu<T>(),
            new Tanh<T>(), new Sigmoid<T>(), new Dropout<T>(0, s_key)];
        Assert.That(different.Select(m => IsSame(m, x)), Is.All.False);
        Assert.That(same.Select(m => IsSame(m, x)), Is.All.True);
        different[1].Training = false;
        Assert.That(different[1].Forward(x).ToArray(), Is.EqualTo(x.ToArray()));

        static bool IsSame(Layer<T> module, Tensor<T> x)
        {
            module.Training = true;
            T[] trained = module.Forward(x).ToArray();
            module.Training = false;
            return trained.AsSpan().SequenceEqual(module.Forward(x).ToArray());
        }
    }

    /// <summary>
    /// A statistic over the wrong axes: shifting and stretching an example changes nothing, and its neighbors do not matter.
    /// </summary>
    [Test]
    public void Layer_norm_does_not_see_shift_and_scale_of_its_input([Values(3, 64, 257, 5000)] int n)
    {
        Tensor<T> x = Normal([7, n], 0, 1);
        LayerNorm<T> layer = new([n], epsilon: 0);
        layer.Weight!.SetValue(Normal([n], 1, 1));
        layer.Bias!.SetValue(Normal([n], 2, 1));
        double[] moved = Closeness.Doubles(layer.Forward(x * 4 + 16)), still = Closeness.Doubles(layer.Forward(x));
        Assert.That(moved, Is.EqualTo(still).Within(1000 * Epsilon));
        Tensor<T> alone = layer.Forward(Tensor<T>.From(x.Span.Slice(3 * n, n), [1, n]));
        SameBits.Check(alone.Span, layer.Forward(x).Span.Slice(3 * n, n), "one example alone");
    }

    /// <summary>A variance by E[x²] − mean² or a backward pass in PyTorch's canceling form would lose all digits here.</summary>
    [Test]
    public void Layer_norm_keeps_its_digits_far_from_zero()
    {
        const int n = 256;
        double offset = 1 / Math.Sqrt(Epsilon); // x keeps half of its digits
        Tensor<T> x = Normal([4, n], offset, 1), g = Normal([4, n], 0, 1, seed: 5);
        (double[] y, double[] dx) = Run<T>(x, g);
        (double[] exactY, double[] exactDx) = Run<double>(Wide(x), Wide(g));
        double tolerance = typeof(T) == typeof(float) ? 1e-3 : 1e-7; // half of the digits, and a factor for the rounded mean
        Assert.That(y, Is.EqualTo(exactY).Within(tolerance));
        Assert.That(dx, Is.EqualTo(exactDx).Within(tolerance));
        Assert.That(y.Take(n).PopulationVariance(), Is.EqualTo(1).Within(1e-4));

        static Tensor<double> Wide(Tensor<T> t) => Tensor<double>.From(Closeness.Doubles(t), t.Shape);

        static (double[] Y, double[] Dx) Run<TElement>(Tensor<TElement> x, Tensor<TElement> g)
            where TElement : unmanaged, IFloatingPointIeee754<TElement>
        {
            Parameter<TElement> input = new("x", x);
            Tape<TElement> tape = new();
            using (tape.Record())
            {
                Tensor<TElement> y = input.Value.LayerNorm([n], 0);
                tape.Backward(y, g);
                return (Closeness.Doubles(y), Closeness.Doubles(input.Gradient));
            }
        }
    }

    /// <summary>
    /// A gradient that moves the output along the directions which normalization removes: dx must be orthogonal to 1 and to x̂ in every
    /// group.
    /// </summary>
    [TestCaseSource(nameof(s_shapes))]
    [Category("Slow")]
    public void Gradients_of_norms_are_orthogonal_to_what_norms_remove(int[] shape)
    {
        Parameter<T> x = new("x", Normal(new Shape(shape), 0.5, 2));
        Tensor<T> g = Normal(new Shape(shape), 0.5, 1, seed: 9);
        Tape<T> tape = new();
        int spatialSize = shape.Skip(2).Aggregate(1, static (a, b) => a * b), rowLength = shape[1] * spatialSize;
        foreach (bool ofBatch in (bool[])[true, false])
        {
            x.ClearGradient();
            double[] y;
            using (tape.Record())
            {
                Tensor<T> output = ofBatch ? x.Value.BatchNorm(default, default, 0, out _) : x.Value.LayerNorm(new Shape(shape[1..]), 0);
                tape.Backward(output, g);
                y = Closeness.Doubles(output);
            }
            double[] dx = Closeness.Doubles(x.Gradient);
            IEnumerable<int> elements = Enumerable.Range(0, dx.Length);
            foreach (IGrouping<int, int> group in elements.GroupBy(i => ofBatch ? i / spatialSize % shape[1] : i / rowLength))
            {
                double size = group.Sum(i => Math.Abs(dx[i])) + 1;
                Assert.That(group.Sum(i => dx[i]) / size, Is.EqualTo(0).Within(50 * Epsilon));
                Assert.That(group.Sum(i => dx[i] * y[i]) / size, Is.EqualTo(0).Within(50 * Epsilon));
            }
        }
    }

    /// <summary>Results that depend on how many threads share the work.</summary>
    [Test]
    [Category("Slow")]
    public void Threads_do_not_change_a_bit()
    {
        T[] one = Step(1), seven = Step(7);
        SameBits.Check<T>(seven, one, "seven threads");

        static T[] Step(int threads)
        {
            using Threads _ = Threads.Set(threads);
            Parameter<T> x = new("x", Normal([1100, 67], 0.5, 2));
            Sequential<T> model = new(
                new Linear<T>(67, 67, s_key.Fold(0)), new BatchNorm<T>(67), new Relu<T>(), new LayerNorm<T>([67]),
                new Dropout<T>(0.3, s_key), new Linear<T>(67, 67, s_key.Fold(1)));
            BatchNorm<T> planes = new(11);
            Tape<T> tape = new();
            using (tape.Record())
            {
                Tensor<T> y = planes.Forward(model.Forward(x.Value).Reshape(100, 11, 67));
                int[] classes = [.. Enumerable.Range(0, 1100).Select(static i => i * 7 % 67)];
                Tensor<T> penalized = y.Reshape(1100, 67).CrossEntropy(classes) + Penalty.L1(model.Parameters, 0.01);
                tape.Backward(penalized + Penalty.L2(model.Parameters, 0.01) + y.Reshape(1100, 67).MeanSquaredError(x.Value));
                return [
                    .. y.ToArray(), .. x.Gradient.ToArray(),
                    .. model.Parameters.Concat(planes.Parameters).SelectMany(static p => p.Gradient.ToArray()),
                    .. model.Buffers.Concat(planes.Buffers).SelectMany(static b => b.Value.ToArray())];
            }
        }
    }

    /// <summary>Statistics changed, or a step counted, by a call that fails; a message without the shapes.</summary>
    [Test]
    public void Wrong_shapes_are_errors_that_change_nothing()
    {
        BatchNorm<T> norm = new(3);
        Sequential<T> model = new(new Linear<T>(4, 3, s_key), norm, new LayerNorm<T>([3]), new Dropout<T>(0.5, s_key));
        Assert.That(
            () => model.Forward(Normal([2, 5], 0, 1)),
            Throws.ArgumentException.With.Message.Contains("[2, 5]").And.Message.Contains("[3, 4]"));
        Assert.That(
            () => model.Forward(Normal([1, 4], 0, 1)),
            Throws.ArgumentException.With.Message.Contains("[1, 3]").And.Message.Contains("more than one"),
            "a single value has no variance");
        Assert.That(() => model.Forward(Normal([0, 4], 0, 1)), Throws.ArgumentException, "an empty batch has no mean");
        Assert.That(() => norm.Forward(Normal([3], 0, 1)), Throws.ArgumentException.With.Message.Contains("[3]"));
        Assert.That(() => norm.Forward(Normal([2, 4], 0, 1)), Throws.ArgumentException.With.Message.Contains("[2, 4]"));
        Assert.That(
            () => new LayerNorm<T>([2, 3]).Forward(Normal([2, 2, 4], 0, 1)), Throws.ArgumentException.With.Message.Contains("[2, 3]"));
        Assert.That(() => new LayerNorm<T>([2, 3]).Forward(Normal([3], 0, 1)), Throws.ArgumentException);
        Assert.That(() => Normal([], 0, 1).Linear(Normal([2, 2], 0, 1)), Throws.ArgumentException);
        Assert.That(
            () => Normal([2, 2], 0, 1).Linear(Normal([2, 2], 0, 1), Normal([3], 0, 1)),
            Throws.ArgumentException.With.Message.Contains("[3]"));
        Assert.That(() => Normal([2, 2], 0, 1).BatchNorm(Normal([2], 0, 1), Normal([3], 0, 1), 0, out _), Throws.ArgumentException);
        Assert.That(
            () => Normal([2, 2], 0, 1).BatchNorm(Normal([3], 0, 1), Normal([2], 0, 1), default, default, 0), Throws.ArgumentException);
        Assert.That(model.Counters.Select(static c => c.Value), Is.All.Zero);
        Assert.That(norm.RunningMean!.Value.ToArray(), Is.All.EqualTo(T.Zero));
        Assert.That(norm.RunningVariance!.Value.ToArray(), Is.All.EqualTo(T.One));
        model.Training = false;
        Assert.That(model.Forward(Normal([0, 4], 0, 1)).Shape, Is.EqualTo(new Shape(0, 3)), "nothing to evaluate is no error");
    }

    /// <summary>
    /// Operations that stay on the tape after a call that has thrown: a later pass would go through them, and their results would be taken
    /// for constants.
    /// </summary>
    [Test]
    public void A_layer_that_throws_records_nothing()
    {
        Tensor<T> kept = default;
        (Layer<T> Layer, Shape Wrong)[] rows =
        [
            (new SpectralNorm<T>(new Linear<T>(4, 3, s_key), s_key), [2, 5]),
            (new WeightNorm<T>(new Linear<T>(4, 3, s_key)), [2, 5]),
            (new Residual<T>(new Flatten<T>()), [2, 2, 2]),
            (new Residual<T>(new Linear<T>(4, 3, s_key), new Linear<T>(4, 3, s_key.Fold(1))), [2, 5]),
            (new Residual<T>(new Linear<T>(4, 3, s_key)), [2, 4]),
            (
                new Sequential<T>(
                    new Linear<T>(4, 3, s_key), new Lambda<T>(x => kept = Tensor<T>.Concat([x.Exp(), x], 1)), new BatchNorm<T>(6)),
                [1, 4]),
            (new Sequential<T>(new WeightNorm<T>(new Linear<T>(4, 3, s_key)), new Tanh<T>(), new Linear<T>(4, 3, s_key)), [2, 4]),
        ];
        Parameter<T> input = new("x", Normal([16], 0, 1));
        Tape<T> tape = new();
        foreach ((Layer<T> layer, Shape wrong) in rows)
        {
            using (tape.Record())
            {
                Tensor<T> x = input.Value.Slice(..wrong.Length).Reshape(wrong).Exp(), y = x.Square();
                int before = tape.Count;
                Assert.That(() => layer.Forward(x), Throws.ArgumentException, layer.ToString());
                Assert.That(tape.Count, Is.EqualTo(before), layer.ToString());
                input.ClearGradient();
                tape.Backward(y.Sum());
            }
            double[] expected = [
                .. Closeness.Doubles(input.Value).Select((a, i) => i < wrong.Length ? 2 * Math.Exp(2 * a) : 0)];
            Assert.That(Closeness.Doubles(input.Gradient), Is.EqualTo(expected).Within(100 * Epsilon).Percent, "the recording goes on");
        }
        Assert.That(() => kept.Span[0], Throws.InvalidOperationException, "a result of what was forgotten has expired");
    }

    /// <summary>Gradients of an empty batch that are absent, undefined or not zero.</summary>
    [Test]
    public void An_empty_batch_gives_parameters_the_gradient_zero()
    {
        BatchNorm<T> norm = new(3) { Training = false };
        Sequential<T> model = new(new Linear<T>(4, 3, s_key), new LayerNorm<T>([3]));
        Tape<T> tape = new();
        foreach (Shape shape in (Shape[])[[0, 4], [2, 0, 4]])
        {
            using (tape.Record())
            {
                Tensor<T> y = model.Forward(Tensor<T>.Zeros(shape));
                tape.Backward(norm.Forward(y.Reshape(0, 3)).Sum());
            }
            Assert.That(model.Parameters.Concat(norm.Parameters).SelectMany(static p => p.Gradient.ToArray()), Is.All.EqualTo(T.Zero));
        }
    }

    [Test]
    public void Constructors_refuse_what_makes_no_layer()
    {
        Assert.That(static () => new Linear<T>(0, 1, s_key), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new Linear<T>(1, 0, s_key), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new BatchNorm<T>(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new BatchNorm<T>(1, epsilon: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new BatchNorm<T>(1, momentum: 1.5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new BatchNorm<T>(1, momentum: double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(static () => new LayerNorm<T>([]), Throws.ArgumentException);
        Assert.That(static () => new LayerNorm<T>([3, 0]), Throws.ArgumentException);
        Assert.That(static () => new LayerNorm<T>([3], epsilon: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        foreach (double p in (double[])[-0.1, 1, 1.5, double.NaN])
        {
            Assert.That(() => new Dropout<T>(p, s_key), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    /// <summary>
    /// PyTorch's default start: uniform on ±1/√inputs for both, unless an initializer is given; weight and bias from different tables.
    /// </summary>
    [Test]
    public void Linear_starts_as_documented()
    {
        Linear<T> layer = new(100, 50, s_key);
        double[] weight = Closeness.Doubles(layer.Weight.Value), bias = Closeness.Doubles(layer.Bias!.Value);
        Assert.That(weight.Max(Math.Abs), Is.GreaterThan(0.0999).And.LessThanOrEqualTo(0.1));
        Assert.That(weight.PopulationVariance(), Is.EqualTo(0.01 / 3).Within(0.0002));
        Assert.That(bias.Max(Math.Abs), Is.GreaterThan(0.08).And.LessThanOrEqualTo(0.1));
        Assert.That(weight.Take(50), Is.Not.EqualTo(bias));
        Linear<T> chosen = new(100, 50, s_key, weightInitializer: Initializers.Constant(2), biasInitializer: Initializers.Constant(3));
        Assert.That(chosen.Weight.Value.ToArray(), Is.All.EqualTo(T.CreateTruncating(2)));
        Assert.That(chosen.Bias!.Value.ToArray(), Is.All.EqualTo(T.CreateTruncating(3)));
    }

    /// <summary>
    /// The bits of normalization and dropout on any machine: another order of additions, a fused multiplication or another mask breaks
    /// runs that were to be repeated.
    /// </summary>
    [Test]
    public void Bits_are_the_same_on_every_machine()
    {
        Parameter<T> x = new("x", Normal([1100, 67], 0.5, 2));
        Sequential<T> model = new(new BatchNorm<T>(67), new LayerNorm<T>([67]), new Dropout<T>(0.3, s_key));
        BatchNorm<T> planes = new(11);
        Tape<T> tape = new();
        ulong hash = 14695981039346656037;
        using (tape.Record())
        {
            Tensor<T> y = planes.Forward(model.Forward(x.Value).Reshape(100, 11, 67));
            tape.Backward(y, y);
            Hash(y);
        }
        Hash(x.Gradient);
        foreach (Parameter<T> parameter in model.Parameters.Concat(planes.Parameters))
        {
            Hash(parameter.Gradient);
        }
        foreach (NamedTensor<T> buffer in model.Buffers.Concat(planes.Buffers))
        {
            Hash(buffer.Value);
        }
        Assert.That(hash, Is.EqualTo(typeof(T) == typeof(float) ? 6898284769022524871 : 14524473502866204061));

        void Hash(Tensor<T> tensor)
        {
            foreach (byte b in System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.Span))
            {
                hash = (hash ^ b) * 1099511628211;
            }
        }
    }

    /// <summary>The values of each channel of [batch, channels, ..].</summary>
    private static double[][] Channels(Tensor<T> x)
    {
        int channels = x.Shape[1], spatialSize = x.Length / x.Shape[0] / channels, perChannel = x.Length / channels;
        double[] values = Closeness.Doubles(x);
        double[][] result = [.. Enumerable.Range(0, channels).Select(_ => new double[perChannel])];
        for (int i = 0; i < values.Length; i++)
        {
            int example = i / spatialSize / channels;
            result[i / spatialSize % channels][example * spatialSize + i % spatialSize] = values[i];
        }
        return result;
    }

    internal static Tensor<T> Normal(Shape shape, double mean, double deviation, int seed = 1)
    {
        T[] values = new T[shape.Length];
        s_key.Fold(seed).FillNormal<T>(values, mean, deviation);
        return Tensor<T>.From(values, shape);
    }
}
