using System.Globalization;
using Engine;
using Spectre.Console;

namespace Examples.Logs;

/// <summary>A training run with everything that a log can hold: a network learns which points are inside a circle.</summary>
internal static class CircleRun
{
    private const int Epochs = 20, Size = 400, BatchSize = 50, PictureSize = 64;

    /// <summary>Trains and logs.</summary>
    /// <returns>0.</returns>
    public static int Record(string directory, IAnsiConsole output)
    {
        RandomKey key = RandomKey.FromSeed(1);
        Sequential<float> model = new(
            new Linear<float>(2, 32, key.Fold("first")), new Relu<float>(), new Linear<float>(32, 2, key.Fold("last")));
        Schedule rate = 0.02 * Schedule.Warmup(20).Then(Schedule.Cosine(140));
        Optimizer<float> optimizer = Optimizer.For(new Adam { LearningRate = rate }, model.Parameters);
        optimizer.Clip = GradientClip.ByNorm(1);
        Trainer<float, CircleBatch> trainer = new(
            model, optimizer, batch => model.Forward(batch.Points), static (logits, batch) => logits.CrossEntropy(batch.Classes))
        {
            Statistics = new UpdateStatistics<float>(model.Parameters),
        };
        trainer.Measure(new Accuracy(), static (metric, logits, batch) => metric.Add<float>(logits, batch.Classes));

        EventLog events = new(directory);
        using CombinedLog log = new(events, new CsvLog(Path.Combine(directory, "numbers.csv")));
        log.Hyperparameters(
            new Dictionary<string, HyperparameterValue>
            {
                ["optimizer"] = "Adam", ["epochs"] = Epochs, ["batch"] = BatchSize, ["clip"] = true,
            },
            ["loss/validation", "metrics/accuracy"]);
        using (TrainingLog.Attach(trainer, log))
        {
            trainer.EpochCompleted += (_, epoch) => LogWeights(log, model, epoch.Record.Updates);
            TrainingHistory history = trainer.Fit(
                [.. Enumerable.Range(0, Size / BatchSize).Select(i => Batch(key.Fold("training").Fold(i)))],
                TrainingLength.Epochs(Epochs), [Batch(key.Fold("validation"))]);
            log.Text("summary", history.Epochs[^1].ToString(), history.Updates);
            log.Image("inside", Picture(model), history.Updates);
            output.WriteLine(history.Epochs[^1].ToString());
        }
        LogGraph(events, model, key);
        events.Outcome = RunOutcome.Succeeded;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"The log is in {directory}; `logs show {directory}` shows it, and so does TensorBoard."));
        return 0;
    }

    private static void LogWeights(IRunLog log, Sequential<float> model, long step)
    {
        foreach (Parameter<float> parameter in model.Parameters)
        {
            log.Histogram($"weights/{parameter.Name}", parameter.Value.Span, step);
        }
    }

    private static void LogGraph(EventLog events, Sequential<float> model, RandomKey key)
    {
        CircleBatch batch = Batch(key.Fold("graph"));
        Tape<float> tape = new();
        using (tape.Record())
        {
            model.Forward(batch.Points).CrossEntropy(batch.Classes);
        }
        events.Graph(tape);
    }

    private static CircleBatch Batch(RandomKey key)
    {
        float[] points = new float[2 * BatchSize];
        key.FillUniform<float>(points, -1, 1);
        int[] classes =
        [
            .. Enumerable.Range(0, BatchSize)
                .Select(i => points[2 * i] * points[2 * i] + points[2 * i + 1] * points[2 * i + 1] < 0.5f ? 1 : 0),
        ];
        return new CircleBatch(Tensor<float>.From(points, [BatchSize, 2]), classes);
    }

    /// <summary>The probability of being inside, over the square.</summary>
    private static LogImage Picture(Sequential<float> model)
    {
        float[] points = new float[2 * PictureSize * PictureSize];
        for (int i = 0; i < points.Length; i += 2)
        {
            points[i] = 2f * (i / 2 % PictureSize) / (PictureSize - 1) - 1;
            points[i + 1] = 2f * (i / 2 / PictureSize) / (PictureSize - 1) - 1;
        }
        Tensor<float> probabilities = model.Forward(Tensor<float>.From(points, [PictureSize * PictureSize, 2])).Softmax();
        float[] inside = [.. probabilities.ToArray().Where(static (_, i) => i % 2 == 1)];
        return LogImage.From(Tensor<float>.From(inside, [PictureSize, PictureSize]));
    }
}
