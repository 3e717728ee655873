using System.Text;
using Engine;

namespace Examples.Characters;

/// <summary>Trains a character model: AdamW with warm-up and cosine decay, and gradients clipped by their norm.</summary>
internal static class CharacterTraining
{
    private const int Length = 64, Batch = 16, MostContext = 5;
    private const double LargestRate = 1e-2, Decay = 0.05, MaxNorm = 1;

    /// <summary>Trains, and lets the model write.</summary>
    public static CharacterResult Run(string text, CharacterSettings settings)
    {
        RandomKey key = RandomKey.FromSeed(settings.Seed);
        CharacterText pieces = new(text, Length);
        CharacterModel model = new(pieces.SymbolCount, settings.Hidden, key.Fold("weights"));
        Batches<float> train = pieces.ToDataset(pieces.TrainPieces).Batches(Batch, key.Fold("batches"));
        Batches<float> test = pieces.ToDataset(pieces.TestPieces).Batches(Batch);

        long updates = (long)settings.Epochs * train.PerEpoch, warmup = Math.Max(1, updates / 20);
        Schedule rate = LargestRate * Schedule.Warmup(warmup).Then(Schedule.Cosine(Math.Max(1, updates - warmup)));
        Optimizer<float> optimizer = Optimizer.WithoutBiasDecay(
            new AdamW { LearningRate = rate, WeightDecay = WeightDecay.Decoupled(Decay) }, model.Parameters);
        optimizer.Clip = GradientClip.ByNorm(MaxNorm);
        int[] classes = new int[Batch * Length];
        Trainer<float, Batch<float>> trainer = new(
            model, optimizer, batch => model.Forward(batch.Inputs), (logits, batch) => logits.CrossEntropy(Classes(batch.Targets)));
        TrainingHistory history = trainer.Fit(train, TrainingLength.Epochs(settings.Epochs), test);

        model.Training = false;
        IReadOnlyList<int> written = model.Sample(
            Math.Max(0, pieces.Code(new Rune('\n'))), settings.Count, settings.Temperature, key.Fold("sample"));
        ContextCounts counts = new(pieces.TrainPieces, pieces.SymbolCount, MostContext);
        return new(
            pieces,
            model.Parameters.Sum(parameter => parameter.Shape.Length),
            history,
            [.. Enumerable.Range(0, MostContext + 1).Select(context => counts.Bits(pieces.TestPieces, context))],
            pieces.Decode(written));

        ReadOnlySpan<int> Classes(Tensor<float> targets)
        {
            ReadOnlySpan<float> numbers = targets.Span;
            for (int i = 0; i < numbers.Length; i++)
            {
                classes[i] = (int)numbers[i];
            }
            return classes.AsSpan(0, numbers.Length);
        }
    }
}
