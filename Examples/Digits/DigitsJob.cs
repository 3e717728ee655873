using System.Diagnostics;
using Engine;

namespace Examples.Digits;

/// <summary>The options of the comparison.</summary>
/// <param name="Seed">Seed of the test split, the initial weights and the order of the batches.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="Batch">Images per step.</param>
/// <param name="Hidden">Units of the hidden layer.</param>
internal sealed record DigitsSettings(long Seed, int Epochs, int Batch, int Hidden);

/// <summary>Trains a small network with each optimizer: the same images, the same initial weights, the same batches.</summary>
internal sealed class DigitsJob
{
    private readonly DigitsSettings _settings;
    private readonly RandomKey _weights, _batches;
    private readonly Dataset<float> _train, _test;

    /// <summary>Reads and splits the images.</summary>
    public DigitsJob(DigitsSettings settings)
    {
        _settings = settings;
        RandomKey key = RandomKey.FromSeed(settings.Seed);
        _weights = key.Fold("weights");
        _batches = key.Fold("batches");
        (_train, _test) = DigitsData.Load().StratifiedSplit(testFraction: 0.2, key.Fold("split"));
    }

    /// <summary>The numbers of training and test images.</summary>
    public (int Train, int Test) Images => (_train.Count, _test.Count);

    /// <summary>
    /// Trains with each optimizer. They take turns, an epoch each, so that none runs while the code is still being compiled and another
    /// after that.
    /// </summary>
    /// <param name="contenders">The optimizers.</param>
    /// <param name="epochs">Passes over the training images.</param>
    /// <param name="epochDone">Called after each epoch, with the optimizer's position.</param>
    public IReadOnlyList<LearningCurve> Train(IReadOnlyList<Contender> contenders, int epochs, Action<int> epochDone)
    {
        Action[] trainings = new Action[contenders.Count];
        LearningCurve[] curves = new LearningCurve[contenders.Count];
        for (int i = 0; i < contenders.Count; i++)
        {
            (curves[i], trainings[i]) = Start(contenders[i]);
        }
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            for (int i = 0; i < trainings.Length; i++)
            {
                trainings[i]();
                epochDone(i);
            }
        }
        return curves;
    }

    /// <summary>A curve before the first step, and what trains for one epoch and continues the curve.</summary>
    private (LearningCurve Curve, Action TrainEpoch) Start(Contender contender)
    {
        Sequential<float> model = new(
            new Linear<float>(DigitsData.Pixels, _settings.Hidden, _weights.Fold(0)),
            new Relu<float>(),
            new Linear<float>(_settings.Hidden, DigitsData.Classes, _weights.Fold(1)));
        Optimizer<float> optimizer = contender.For(model.Parameters);
        Batches<float> batches = _train.Batches(_settings.Batch, _batches);
        Tape<float> tape = new();
        LearningCurve curve = new(contender, optimizer.Groups[0].LastLearningRate);
        Measure(model, curve);
        return (curve, TrainEpoch);

        void TrainEpoch()
        {
            long start = Stopwatch.GetTimestamp();
            model.Training = true;
            foreach (Batch<float> batch in batches)
            {
                using (tape.Record())
                {
                    Tensor<float> loss = model.Forward(batch.Inputs).CrossEntropy(batch.Labels);
                    tape.Backward(loss);
                    optimizer.Step();
                }
            }
            curve.Time += Stopwatch.GetElapsedTime(start);
            Measure(model, curve);
        }
    }

    /// <summary>Adds the loss over all training images and the accuracy over all test images, without recording.</summary>
    private void Measure(Sequential<float> model, LearningCurve curve)
    {
        model.Training = false;
        double loss = model.Forward(_train.Inputs).CrossEntropy(_train.Labels).Item;
        curve.Add(loss, Metrics.Accuracy(model.Forward(_test.Inputs), _test.Labels));
    }
}
