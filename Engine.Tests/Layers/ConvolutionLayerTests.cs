using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace Engine.Tests;

/// <summary>Layers of convolutional networks, and modules around modules.</summary>
internal sealed class ConvolutionLayerTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(12);

    /// <summary>
    /// PyTorch's default start: uniform on ±1/√fan for both, the fan being that of one group; weight and bias from different tables.
    /// </summary>
    [Test]
    public void Convolutions_start_as_documented()
    {
        Conv2d<double> images = new(8, 100, (5, 5), s_key, groups: 2);
        Conv1d<double> sequences = new(4, 100, 25, s_key);
        foreach ((Parameter<double> weight, Parameter<double> bias) in
            ((Parameter<double>, Parameter<double>)[])[(images.Weight, images.Bias!), (sequences.Weight, sequences.Bias!)])
        {
            double[] values = weight.Value.ToArray();
            Assert.That(values.Max(Math.Abs), Is.GreaterThan(0.0999).And.LessThanOrEqualTo(0.1));
            Assert.That(values.PopulationVariance(), Is.EqualTo(0.01 / 3).Within(0.0002));
            Assert.That(bias.Value.ToArray().Max(Math.Abs), Is.GreaterThan(0.08).And.LessThanOrEqualTo(0.1));
            Assert.That(values.Take(100), Is.Not.EqualTo(bias.Value.ToArray()));
        }
        Conv2d<double> chosen = new(
            1, 1, 1, s_key, weightInitializer: Initializers.Constant(2), biasInitializer: Initializers.Constant(3));
        Assert.That((chosen.Weight.Value.Item, chosen.Bias!.Value.Item), Is.EqualTo((2.0, 3.0)));
        Assert.That(new Conv2d<double>(1, 1, 1, s_key, bias: false).Parameters, Has.Count.EqualTo(1));
    }

    /// <summary>Catches a layer that does not say its size, and settings that are said although they are the usual ones.</summary>
    [Test]
    public void Layers_print_what_they_are()
    {
        Assert.That(
            ((Layer<float>[])
            [
                new Conv2d<float>(3, 8, 3, s_key), new Conv2d<float>(4, 6, (3, 2), s_key, 2, (1, 0), (1, 2), groups: 2, bias: false),
                new Conv1d<float>(3, 8, 5, s_key), new Conv1d<float>(4, 6, 3, s_key, 2, 1, 3, groups: 2, bias: false),
                new MaxPool2d<float>(2), new MaxPool2d<float>((3, 2), 1, 1), new MaxPool1d<float>(3), new AvgPool2d<float>(2, 2),
                new AvgPool1d<float>(3, 2, 1), new GlobalAvgPool<float>(), new GlobalMaxPool<float>(), new Flatten<float>(),
                new Flatten<float>(2), new PRelu<float>(), new PRelu<float>(3), new Lambda<float>(static x => x),
                new Lambda<float>(static x => x, "Identity"), new WeightNorm<float>(new Linear<float>(2, 3, s_key)),
                new SpectralNorm<float>(new Conv1d<float>(2, 3, 1, s_key), s_key),
                new Residual<float>(new Linear<float>(2, 2, s_key), new PRelu<float>()),
                new LeakyRelu<float>(), new LeakyRelu<float>(0.2), new Softplus<float>(), new Softplus<float>(3), new Celu<float>(),
                new Celu<float>(0.5), new Elu<float>(), new Elu<float>(0.5), new HardTanh<float>(), new HardTanh<float>(-2, 2),
                new HardTanh<float>(-1, 2.5), new AvgPool2d<float>(3, 1, 1, countIncludesPadding: false),
                new AvgPool1d<float>(2, countIncludesPadding: false), new Rnn<float>(3, 4, s_key),
                new Rnn<float>(3, 4, s_key, bias: false, relu: true), new Lstm<float>(3, 4, s_key, 2, bidirectional: true, bias: false),
                new Gru<float>(3, 4, s_key), new MultiHeadAttention<float>(4, 2, s_key),
                new MultiHeadAttention<float>(4, 2, s_key, bias: false) { Causal = true }, new BatchNorm<float>(3),
                new BatchNorm<float>(3, 0.001, 0.2, affine: false, trackRunningStatistics: false), new BatchNorm<float>(3, momentum: null),
                new LayerNorm<float>([3]), new LayerNorm<float>([3], 0.001, affine: false), new RmsNorm<float>([3]),
                new RmsNorm<float>([3], 0.001, affine: false), new GroupNorm<float>(2, 4), new GroupNorm<float>(2, 4, 0.001, affine: false),
                new InstanceNorm<float>(3), new InstanceNorm<float>(3, 0.001, affine: true),
                new SpectralNorm<float>(new Linear<float>(2, 3, s_key), s_key, 2, 1e-6),
            ]).Select(static layer => layer.ToString()),
            Is.EqualTo((string[])
            [
                "Conv2d(3 → 8, 3×3)", "Conv2d(4 → 6, 3×2, stride 2×2, padding 1×0, dilation 1×2, groups 2, no bias)",
                "Conv1d(3 → 8, 5)", "Conv1d(4 → 6, 3, stride 2, padding 1, dilation 3, groups 2, no bias)",
                "MaxPool2d(2×2)", "MaxPool2d(3×2, stride 1×1, padding 1×1)", "MaxPool1d(3)", "AvgPool2d(2×2)",
                "AvgPool1d(3, stride 2, padding 1)", "GlobalAvgPool", "GlobalMaxPool", "Flatten", "Flatten(from axis 2)", "PRelu",
                "PRelu(3)", "Lambda", "Identity", "WeightNorm(Linear(2 → 3))", "SpectralNorm(Conv1d(2 → 3, 1))",
                "Residual\n  body: Linear(2 → 2)\n  projection: PRelu", "LeakyRelu", "LeakyRelu(0.2)", "Softplus", "Softplus(3)",
                "Celu", "Celu(0.5)", "Elu", "Elu(0.5)", "HardTanh", "HardTanh(-2, 2)", "HardTanh(-1, 2.5)",
                "AvgPool2d(3×3, stride 1×1, padding 1×1, padding not counted)", "AvgPool1d(2, padding not counted)", "Rnn(3 → 4)",
                "Rnn(3 → 4, no bias, ReLU)", "Lstm(3 → 4, 2 layers, bidirectional, no bias)", "Gru(3 → 4)",
                "MultiHeadAttention(4, 2 heads)", "MultiHeadAttention(4, 2 heads, causal, no bias)", "BatchNorm(3)",
                "BatchNorm(3, epsilon 0.001, momentum 0.2, not affine, no running statistics)", "BatchNorm(3, cumulative average)",
                "LayerNorm([3])", "LayerNorm([3], epsilon 0.001, not affine)", "RmsNorm([3])",
                "RmsNorm([3], epsilon 0.001, not affine)", "GroupNorm(2 groups of 4 channels)",
                "GroupNorm(2 groups of 4 channels, epsilon 0.001, not affine)", "InstanceNorm(3)",
                "InstanceNorm(3, epsilon 0.001, affine)", "SpectralNorm(Linear(2 → 3), iterations 2, epsilon 1E-06)",
            ]));
    }

    /// <summary>Catches a layer that is made and fails only when it is used.</summary>
    [Test]
    public void Constructors_refuse_what_makes_no_layer()
    {
        Action[] wrong =
        [
            static () => _ = new Conv2d<float>(0, 1, 1, s_key), static () => _ = new Conv2d<float>(1, 0, 1, s_key),
            static () => _ = new Conv2d<float>(1, 1, (1, 0), s_key), static () => _ = new Conv2d<float>(1, 1, 1, s_key, stride: 0),
            static () => _ = new Conv2d<float>(1, 1, 1, s_key, padding: -1),
            static () => _ = new Conv2d<float>(1, 1, 1, s_key, dilation: 0),
            static () => _ = new Conv2d<float>(2, 2, 1, s_key, groups: 0), static () => _ = new Conv2d<float>(2, 3, 1, s_key, groups: 2),
            static () => _ = new Conv2d<float>(3, 2, 1, s_key, groups: 2), static () => _ = new Conv1d<float>(1, 1, 0, s_key),
            static () => _ = new Conv1d<float>(3, 2, 1, s_key, groups: 2), static () => _ = new MaxPool2d<float>(0),
            static () => _ = new MaxPool1d<float>(2, 0), static () => _ = new AvgPool2d<float>(2, 2, (1, 2)),
            static () => _ = new AvgPool1d<float>(2, 2, -1), static () => _ = new Flatten<float>(-1), static () => _ = new PRelu<float>(0),
            static () => _ = new Lambda<float>(null!), static () => _ = new WeightNorm<float>(null!),
            static () => _ = new SpectralNorm<float>(null!, s_key),
            static () => _ = new SpectralNorm<float>(new Linear<float>(1, 1, s_key), s_key, iterations: 0),
            static () => _ = new SpectralNorm<float>(new Linear<float>(1, 1, s_key), s_key, epsilon: double.NaN),
        ];
        foreach ((int i, Action call) in wrong.Index())
        {
            Assert.That(call, Throws.InstanceOf<ArgumentException>(), $"number {i}");
        }
    }

    [Test]
    public void Flatten_merges_axes_from_one_on()
    {
        Tensor<float> x = Tensor<float>.Zeros([2, 3, 4, 5]);
        Assert.That(new Flatten<float>().Forward(x).Shape, Is.EqualTo(new Shape(2, 60)));
        Assert.That(new Flatten<float>(0).Forward(x).Shape, Is.EqualTo(new Shape(120)));
        Assert.That(new Flatten<float>(3).Forward(x).Shape, Is.EqualTo(new Shape(2, 3, 4, 5)));
        Assert.That(new Flatten<float>(1).Forward(Tensor<float>.Zeros([7])).Shape, Is.EqualTo(new Shape(7, 1)));
        Assert.That(new Flatten<float>(1).Forward(Tensor<float>.Zeros([0, 3, 2])).Shape, Is.EqualTo(new Shape(0, 6)));
        Assert.That(
            static () => new Flatten<float>(2).Forward(Tensor<float>.Zeros([7])),
            Throws.ArgumentException.With.Message.StartsWith("Flatten: got the shape [7]"));
    }

    /// <summary>Catches a sum that broadcasts where shapes differ, and running statistics that have moved in a pass that failed.</summary>
    [Test]
    public void Residual_adds_its_input_or_a_projection_of_it()
    {
        Tensor<double> x = Tensor<double>.From([1, 2, 3, 4, 5, 6], [3, 2]);
        Residual<double> plain = new(new Lambda<double>(static x => x * 10));
        Assert.That(plain.Forward(x).ToArray(), Is.EqualTo((double[])[11, 22, 33, 44, 55, 66]));
        Residual<double> projected = new(new Lambda<double>(static x => x.Sum(1, true)), new Lambda<double>(static x => x.Sum(1, true)));
        Assert.That(projected.Forward(x).ToArray(), Is.EqualTo((double[])[6, 14, 22]));
        BatchNorm<double> norm = new(2);
        Residual<double> wrong = new(new Sequential<double>(norm, new Lambda<double>(static x => x.Sum(1, true))));
        Assert.That(
            () => wrong.Forward(x), Throws.ArgumentException.With.Message.Contains("[3, 1]").And.Message.Contains("[3, 2]"));
        Assert.That(norm.Counters[0].Value, Is.Zero);
        Assert.That(wrong.Parameters.Select(static p => p.Name), Is.EqualTo((string[])["body.0.weight", "body.0.bias"]));
    }

    /// <summary>Catches a norm over the wrong axes, a length that does not begin as the weight's, and names other than PyTorch's.</summary>
    [Test]
    public void Weight_norm_begins_as_the_layer_and_keeps_the_length_of_each_output()
    {
        Conv2d<double> layer = new(2, 3, 2, s_key);
        WeightNorm<double> norm = new(layer);
        Tensor<double> x = LayerLawsTests<double>.Normal([2, 2, 4, 3], 0, 1);
        Assert.That(norm.Forward(x).ToArray(), Is.EqualTo(layer.Forward(x).ToArray()).Within(1e-14));
        Assert.That(norm.Parameters.Select(static p => p.Name), Is.EqualTo((string[])["weight_g", "weight_v", "bias"]));
        Assert.That(norm.Length.Shape, Is.EqualTo(new Shape(3, 1, 1, 1)));
        double[] before = norm.Forward(x).ToArray();
        norm.Direction.SetValue(norm.Direction.Value * 5);
        Assert.That(norm.Forward(x).ToArray(), Is.EqualTo(before).Within(1e-14), "the length of v does not matter");
        norm.Length.SetValue(norm.Length.Value * 2);
        norm.Bias!.SetValue(norm.Bias.Value * 2);
        Assert.That(norm.Forward(x).ToArray(), Is.EqualTo(Array.ConvertAll(before, static y => 2 * y)).Within(1e-14));
        Assert.That(new WeightNorm<double>(new Linear<double>(3, 2, s_key, bias: false)).Parameters, Has.Count.EqualTo(2));
    }

    /// <summary>
    /// Catches an iteration that does not converge to the largest singular value, goes on in evaluation, or stops in training.
    /// </summary>
    [Test]
    public void Spectral_norm_divides_by_the_largest_singular_value()
    {
        Linear<double> layer = new(7, 5, s_key);
        double largest = Matrix<double>.Build.DenseOfRowMajor(5, 7, layer.Weight.Value.ToArray()).Svd().S[0];
        SpectralNorm<double> norm = new(layer, s_key);
        norm.Bias!.SetValue(Tensor<double>.Zeros([5]));
        Tensor<double> x = LayerLawsTests<double>.Normal([4, 7], 0, 1), plain = x.Linear(layer.Weight.Value);
        norm.Training = false;
        double[] first = norm.Forward(x).ToArray();
        Assert.That(norm.Forward(x).ToArray(), Is.EqualTo(first), "evaluation changes nothing");
        Assert.That(first, Is.EqualTo((plain / largest).ToArray()).Within(0.1), "after the first iterations");
        norm.Training = true;
        Assert.That(() => norm.Forward(Tensor<double>.Zeros([4, 6])), Throws.ArgumentException);
        norm.Training = false;
        Assert.That(norm.Forward(x).ToArray(), Is.EqualTo(first), "a pass that fails changes nothing");
        norm.Training = true;
        for (int i = 0; i < 300; i++)
        {
            norm.Forward(x);
        }
        Assert.That(norm.Forward(x).ToArray(), Is.EqualTo((plain / largest).ToArray()).Within(1e-9));
        Assert.That(norm.Parameters.Select(static p => p.Name), Is.EqualTo((string[])["weight_orig", "bias"]));
        Assert.That(norm.Buffers.Select(static b => b.Name), Is.EqualTo((string[])["weight_u", "weight_v"]));
    }

    /// <summary>
    /// Catches an array, a closure or scratch outside the tape in a convolutional network, whose work the threads share here.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void A_warm_step_allocates_nothing()
    {
        Sequential<float> model = new(
            new Conv2d<float>(3, 16, 3, s_key.Fold(0), padding: 1), new PRelu<float>(16), new MaxPool2d<float>(2),
            new Residual<float>(new Conv2d<float>(16, 16, 3, s_key.Fold(1), padding: 1, groups: 2)),
            new WeightNorm<float>(new Conv2d<float>(16, 8, 1, s_key.Fold(2))), new AvgPool2d<float>(2), new Flatten<float>(),
            new SpectralNorm<float>(new Linear<float>(8 * 4 * 4, 10, s_key.Fold(3)), s_key.Fold(4)));
        Tensor<float> x = LayerLawsTests<float>.Normal([8, 3, 16, 16], 0, 1);
        int[] classes = [0, 1, 2, 3, 4, 5, 6, 7];
        Tape<float> tape = new();
        Warm.AllocatesNothing(
            () =>
            {
                for (int i = 0; i < model.Parameters.Count; i++)
                {
                    model.Parameters[i].ClearGradient();
                }
                using (tape.Record())
                {
                    tape.Backward(model.Forward(x).CrossEntropy(classes));
                }
            },
            steps: 5);
    }
}
