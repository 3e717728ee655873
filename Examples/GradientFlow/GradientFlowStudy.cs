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

    /// <summary>The rows of an image, which are read one after the other, and the steps without input that follow.</summary>
    public const int Rows = 8, Pause = 40;

    private const int BatchSize = 32, Measured = 128;
    private const double ClipNorm = 1;

    // a gate of 1 − 1/T keeps a memory for about T steps (Tallec & Ollivier, Can recurrent neural networks warp time?, 2018)
    private static readonly double s_openGate = Math.Log(Rows + Pause - 1);

    /// <summary>Runs the deep networks: tanh, and three remedies.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<GradientFlowRun> RunDeep(long seed, int epochs)
    {
        (string Name, Func<IEnumerable<Layer<float>>> Follow, Initializer? Weights)[] networks =
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
                Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = 0.02 }, model.Parameters);
                return Train(network.Name, model, optimizer, DepthProfile.Of(model, images).Gradients, digits, epochs, key);
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
        (string Name, Func<RandomKey, Recurrent<float>> Create, Func<IEnumerable<Parameter<float>>, Optimizer<float>> For)[] networks =
        [
            ("plain RNN", key => new Rnn<float>(DigitsData.Pixels / Rows, Hidden, key), Adaptive),
            ("LSTM", OpenLstm, Adaptive),
            ("growing RNN", GrowingRnn, parameters => Descent(parameters, GradientClip.None)),
            ("growing RNN, clipped", GrowingRnn, parameters => Descent(parameters, GradientClip.ByNorm(ClipNorm))),
        ];
        (Dataset<float> train, Dataset<float> test) = DigitsSplit.Load();
        DatasetSplit<float> sequences = new(InRows(train), InRows(test));
        RandomKey key = RandomKey.FromSeed(seed);
        return
        [
            .. networks.AsParallel().AsOrdered().Select(network =>
            {
                SequenceReader model = new(network.Create(key.Fold("memory")), DigitsData.Classes, key.Fold("head"));
                double[] gradients = ByStep(model, Some(sequences));
                return Train(network.Name, model, network.For(model.Parameters), gradients, sequences, epochs, key);
            }),
        ];
    }

    private static Optimizer<float> Adaptive(IEnumerable<Parameter<float>> parameters) =>
        Optimizer.For(new Adam { LearningRate = 1e-3 }, parameters);

    /// <summary>Descent by the gradient itself, whose length clipping bounds.</summary>
    private static Optimizer<float> Descent(IEnumerable<Parameter<float>> parameters, GradientClip clip)
    {
        Optimizer<float> optimizer = Optimizer.For(new Momentum { LearningRate = 4e-3 }, parameters);
        optimizer.Clip = clip;
        return optimizer;
    }

    /// <summary>Images as sequences of [rows + pause, pixels of a row].</summary>
    private static Dataset<float> InRows(Dataset<float> images)
    {
        Tensor<float> rows = images.Inputs.Reshape(images.Count, Rows, DigitsData.Pixels / Rows);
        Tensor<float> pause = Tensor<float>.Zeros([images.Count, Pause, DigitsData.Pixels / Rows]);
        return images.WithInputs(Tensor<float>.Concat([rows, pause], 1));
    }

    /// <summary>An LSTM whose forget gates are nearly open at the start.</summary>
    private static Lstm<float> OpenLstm(RandomKey key)
    {
        Lstm<float> lstm = new(DigitsData.Pixels / Rows, Hidden, key);
        Parameter<float> bias = lstm.Parameters.First(parameter => parameter.Name.StartsWith("bias_ih", StringComparison.Ordinal));
        float[] values = bias.Value.ToArray();
        values.AsSpan(Hidden, Hidden).Fill((float)s_openGate); // the second of the gates i, f, g, o
        bias.SetValue(Tensor<float>.From(values, bias.Shape));
        return lstm;
    }

    /// <summary>A recurrent ReLU network that starts by multiplying its state by 1.1 in each step.</summary>
    private static Rnn<float> GrowingRnn(RandomKey key)
    {
        Rnn<float> rnn = new(DigitsData.Pixels / Rows, Hidden, key, relu: true);
        Parameter<float> weight = rnn.Parameters.First(parameter => parameter.Name.StartsWith("weight_hh", StringComparison.Ordinal));
        weight.SetValue(Initializers.Identity(1.1).Create<float>(weight.Shape, key));
        return rnn;
    }

    private static GradientFlowRun Train(
        string name, Layer<float> model, Optimizer<float> optimizer, IReadOnlyList<double> gradients, DatasetSplit<float> data,
        int epochs, RandomKey key)
    {
        double norm = Norm(model, Some(data));
        TrainingHistory history = DigitsTrainer.For(model, optimizer).Fit(
            data.Train.Batches(BatchSize, key.Fold("batches")), TrainingLength.Epochs(epochs), DigitsTrainer.InOneBatch(data.Test));
        return new GradientFlowRun(name, gradients, norm, history);
    }

    /// <summary>The root mean square of the gradient with respect to the input of each step.</summary>
    private static double[] ByStep(SequenceReader model, Dataset<float> sequences)
    {
        Parameter<float> inputs = new("inputs", sequences.Inputs);
        Tape<float> tape = new();
        using (tape.Record())
        {
            Tensor<float> loss = model.Forward(inputs.Value).CrossEntropy(sequences.Labels);
            Tensor<float> gradient = tape.Gradient(loss, inputs.Value);
            return [.. Enumerable.Range(0, Rows + Pause).Select(step => Vectors.RootMeanSquare(gradient.Select(1, step).Span))];
        }
    }

    private static double Norm(Layer<float> model, Dataset<float> images)
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
