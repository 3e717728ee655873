using System.Globalization;

namespace Engine;

/// <summary>
/// Reads a training run as a practitioner would. The thresholds are rules of thumb, and are named in each message.
/// </summary>
public static class Diagnosis
{
    /// <summary>Updates are healthy around 10⁻³ of the value; a hundredth of that is tiny.</summary>
    private const double TinyUpdateRatio = 1e-5;

    /// <summary>A loss this many times that of the best epoch is no noise.</summary>
    private const double DivergenceFactor = 4;

    /// <summary>Less than this relative fall of the loss per epoch, while updates are tiny, is too slow.</summary>
    private const double SlowFall = 0.01;

    /// <summary>A ratio of gradients between the first and the last layer that no initialization meant to keep them equal leaves.</summary>
    private const double DepthRatio = 1e3;

    /// <summary>Epochs in a row of rising validation loss that are no noise.</summary>
    private const int RisingEpochs = 3;

    /// <summary>What the losses of a run show.</summary>
    public static IReadOnlyList<Symptom> Of(TrainingHistory history) => Of(history, []);

    /// <summary>What the losses of a run and the sizes of its last update show.</summary>
    /// <param name="history">The run.</param>
    /// <param name="statistics">A row for each parameter, in the order of the layers: <see cref="UpdateStatistics{T}.Rows"/>.</param>
    /// <returns>The symptoms, the most urgent first; none where nothing stands out.</returns>
    public static IReadOnlyList<Symptom> Of(TrainingHistory history, IReadOnlyList<ParameterStatistics> statistics)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(statistics);
        List<Symptom> symptoms = [];
        Add(Diverging(history));
        Add(GradientsByDepth(statistics));
        if (symptoms.Count == 0)
        {
            Add(TooSlow(history, statistics));
        }
        Add(Overfitting(history.Epochs));
        return symptoms;

        void Add(Symptom? symptom)
        {
            if (symptom is { } found)
            {
                symptoms.Add(found);
            }
        }
    }

    private static Symptom? Diverging(TrainingHistory history)
    {
        if (history.StopReason == StopReason.Diverged)
        {
            return new(SymptomKind.Diverging, Text(
                $"The loss was not finite at update {history.Updates + 1}: diverging. ",
                $"Lower the learning rate, warm it up, or clip the gradients."));
        }
        if (history.Epochs.Count < 2)
        {
            return null;
        }
        double best = history.Epochs.Min(static epoch => epoch.TrainingLoss), last = history.Epochs[^1].TrainingLoss;
        return best > 0 && last > DivergenceFactor * best
            ? new(SymptomKind.Diverging, Text(
                $"The training loss has risen to {last:G4}, {last / best:G3} times that of the best epoch: diverging. ",
                $"Lower the learning rate."))
            : null;
    }

    private static Symptom? TooSlow(TrainingHistory history, IReadOnlyList<ParameterStatistics> statistics)
    {
        double[] ratios = [.. statistics.Select(static row => row.UpdateRatio).Where(double.IsFinite)];
        if (history.Epochs.Count < 2 || ratios.Length == 0 || ratios.Max() >= TinyUpdateRatio)
        {
            return null;
        }
        double first = history.Epochs[0].TrainingLoss, last = history.Epochs[^1].TrainingLoss;
        double fall = (first - last) / first / (history.Epochs.Count - 1);
        return fall < SlowFall
            ? new(SymptomKind.TooSlow, Text(
                $"No update is larger than {ratios.Max():G2} of its parameter (10⁻³ is usual), ",
                $"and the loss falls by {100 * fall:F2} % per epoch: too slow. Raise the learning rate."))
            : null;
    }

    private static Symptom? GradientsByDepth(IReadOnlyList<ParameterStatistics> statistics)
    {
        if (statistics.FirstOrDefault(static row => double.IsInfinity(row.GradientNorm)) is { Name: { } name })
        {
            return new(SymptomKind.ExplodingGradients, Text(
                $"The gradient of '{name}' is infinite: exploding. ",
                $"Clip the gradients, or initialize with a smaller gain."));
        }
        ParameterStatistics[] weights = [.. statistics.Where(static row => row.Shape.Rank >= 2 && row.GradientNorm > 0)];
        if (weights.Length < 2)
        {
            return null;
        }
        ParameterStatistics first = weights[0], last = weights[^1];
        double ratio = first.GradientRootMeanSquare / last.GradientRootMeanSquare;
        return ratio < 1 / DepthRatio
            ? new(SymptomKind.VanishingGradients, Text(
                $"The gradient of '{first.Name}' is {ratio:G2} of that of '{last.Name}': vanishing. ",
                $"Try ReLU with He initialization, normalization, residual connections, or gates."))
            : ratio > DepthRatio
                ? new(SymptomKind.ExplodingGradients, Text(
                    $"The gradient of '{first.Name}' is {ratio:G2} times that of '{last.Name}': exploding. ",
                    $"Clip the gradients, or initialize with a smaller gain."))
                : null;
    }

    private static Symptom? Overfitting(IReadOnlyList<EpochRecord> epochs)
    {
        int rising = 0;
        for (int i = epochs.Count - 1; i > 0 && epochs[i].ValidationLoss > epochs[i - 1].ValidationLoss
            && epochs[i].TrainingLoss < epochs[i - 1].TrainingLoss; i--)
        {
            rising++;
        }
        return rising >= RisingEpochs
            ? new(SymptomKind.Overfitting, Text(
                $"For {rising} epochs the validation loss has risen, to {epochs[^1].ValidationLoss:G4}, while ",
                $"the training loss has fallen, to {epochs[^1].TrainingLoss:G4}: overfitting. Stop early, or add decay, dropout or data."))
            : null;
    }

    private static string Text(FormattableString evidence, FormattableString advice) =>
        evidence.ToString(CultureInfo.InvariantCulture) + advice.ToString(CultureInfo.InvariantCulture);
}
