using Engine;
using Examples.Digits;

namespace Examples.GradientFlow;

/// <summary>
/// Follows the gradient through deep and through recurrent networks, where it vanishes or explodes, and through those with a remedy; and
/// trains them.
/// </summary>
internal static class GradientFlowStudy
{
    /// <summary>The hidden layers of a deep network, and the units of each.</summary>
    public const int Depth = 20, Width = 64;

    /// <summary>The units of a recurrent network.</summary>
    public const int Hidden = 32;

    /// <summary>The bound on the norm of the gradients that are clipped.</summary>
    public const double ClipNorm = 1;

    private const int BatchSize = 32, Measured = 128;

    // a gate of 1 − 1/T keeps a memory for about T steps (Tallec & Ollivier, Can recurrent neural networks warp time?, 2018)
    private static readonly double s_openGate = Math.Log(DigitsData.Pixels - 1);

    /// <summary>Runs the deep networks: tanh, and three remedies.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<GradientFlowRun> RunDeep(long seed, int epochs)
    {
        (string Name, Func<IEnumerable<Module<float>>> Follow, Initializer? Weights)[] networks =
        [
            ("tanh", () => [new Tanh<float>()], null),
            ("tanh + layer norm", () => [new LayerNorm<float>([Width]), new Tanh<float>()], null),
            ("tanh + batch norm", () => [new BatchNorm<float>(Width), new Tanh<float>()], null),
            ("ReLU + He", () => [new Relu<float>()], Initializers.HeNormal()),
        ];
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        return
        [
            .. networks.AsParallel().AsOrdered().Select(network =>
            {
                Sequential<float> model = DigitsNetwork.Create(key.Fold("deep"), Depth, Width, _ => network.Follow(), network.Weights);
                Dataset<float> images = Some(digits);
                return Train(network.Name, model, DepthProfile.Of(model, images).Gradients, GradientClip.None, digits, epochs, key);
            }),
        ];
    }

    /// <summary>
    /// Runs the recurrent networks: a plain one, one with gates, and one whose gradient explodes, without and with clipping.
    /// </summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<GradientFlowRun> RunRecurrent(long seed, int epochs)
    {
        (string Name, Func<RandomKey, Recurrent<float>> Create, GradientClip Clip)[] networks =
        [
            ("plain RNN", key => new Rnn<float>(1, Hidden, key), GradientClip.None),
            ("LSTM", OpenLstm, GradientClip.None),
            ("growing RNN", GrowingRnn, GradientClip.None),
            ("growing RNN, clipped", GrowingRnn, GradientClip.ByNorm(ClipNorm)),
        ];
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        return
        [
            .. networks.AsParallel().AsOrdered().Select(network =>
            {
                PixelReader model = new(network.Create(key.Fold("memory")), DigitsData.Classes, key.Fold("head"));
                return Train(network.Name, model, ByPixel(model, Some(digits)), network.Clip, digits, epochs, key);
            }),
        ];
    }

    /// <summary>An LSTM whose forget gates are nearly open at the start.</summary>
    private static Lstm<float> OpenLstm(RandomKey key)
    {
        Lstm<float> lstm = new(1, Hidden, key);
        Parameter<float> bias = lstm.Parameters.First(parameter => parameter.Name.StartsWith("bias_ih", StringComparison.Ordinal));
        float[] values = bias.Value.ToArray();
        values.AsSpan(Hidden, Hidden).Fill((float)s_openGate); // the second of the gates i, f, g, o
        bias.SetValue(Tensor<float>.From(values, bias.Shape));
        return lstm;
    }

    /// <summary>A recurrent ReLU network that starts by multiplying its state by 1.1 in each step.</summary>
    private static Rnn<float> GrowingRnn(RandomKey key)
    {
        Rnn<float> rnn = new(1, Hidden, key, relu: true);
        Parameter<float> weight = rnn.Parameters.First(parameter => parameter.Name.StartsWith("weight_hh", StringComparison.Ordinal));
        weight.SetValue(Initializers.Identity(1.1).Create<float>(weight.Shape, key));
        return rnn;
    }

    private static GradientFlowRun Train(
        string name, Module<float> model, IReadOnlyList<double> gradients, GradientClip clip, DatasetSplit<float> digits, int epochs,
        RandomKey key)
    {
        double norm = Norm(model, Some(digits));
        Optimizer<float> optimizer = Optimizer.For(new Momentum { LearningRate = 0.02 }, model.Parameters);
        optimizer.Clip = clip;
        TrainingHistory history = DigitsTrainer.For(model, optimizer).Fit(
            digits.Train.Batches(BatchSize, key.Fold("batches")), TrainingLength.Epochs(epochs), DigitsTrainer.InOneBatch(digits.Test));
        return new GradientFlowRun(name, gradients, norm, history);
    }

    /// <summary>The root mean square of the gradient with respect to each pixel, in the order in which they are read.</summary>
    private static double[] ByPixel(PixelReader model, Dataset<float> images)
    {
        Parameter<float> pixels = new("pixels", images.Inputs);
        Tape<float> tape = new();
        using (tape.Record())
        {
            Tensor<float> loss = model.Forward(pixels.Value).CrossEntropy(images.Labels);
            Tensor<float> gradient = tape.Gradient(loss, pixels.Value);
            return
            [
                .. Enumerable.Range(0, DigitsData.Pixels).Select(pixel => Vectors.RootMeanSquare(gradient.Select(1, pixel).Span)),
            ];
        }
    }

    private static double Norm(Module<float> model, Dataset<float> images)
    {
        Tape<float> tape = new();
        using (tape.Record())
        {
            tape.Backward(model.Forward(images.Inputs).CrossEntropy(images.Labels));
        }
        double squares = 0;
        foreach (Parameter<float> parameter in model.Parameters)
        {
            double norm = Vectors.Norm(parameter.Gradient.Span);
            squares += norm * norm;
            parameter.ClearGradient();
        }
        return Math.Sqrt(squares);
    }

    private static Dataset<float> Some(DatasetSplit<float> digits) => digits.Train.Subset([.. Enumerable.Range(0, Measured)]);
}
