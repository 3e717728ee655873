using System.Globalization;

namespace Engine;

/// <summary>What the trials of one candidate came to, over all seeds.</summary>
public sealed class CandidateResult
{
    private readonly Improvement _improvement;

    internal CandidateResult(string name, IReadOnlyList<TrialResult> trials, Improvement improvement)
    {
        (Name, Trials, _improvement) = (name, trials, improvement);
        double[] last = [.. trials.Where(IsSound).Select(static trial => trial.Values[^1])];
        Final = ConfidenceInterval.Of(last);
    }

    /// <summary>The candidate's name.</summary>
    public string Name { get; }

    /// <summary>The trials, in the order of the seeds.</summary>
    public IReadOnlyList<TrialResult> Trials { get; }

    /// <summary>The last number of the trials that neither diverged nor failed.</summary>
    public ConfidenceInterval Final { get; }

    /// <summary>The epochs of the trial that ran longest.</summary>
    public int Epochs => Trials.Count == 0 ? 0 : Trials.Max(static trial => trial.Values.Count);

    /// <summary>The number of trials that diverged or failed.</summary>
    public int Broken => Trials.Count(static trial => trial.Outcome is TrialOutcome.Diverged or TrialOutcome.Failed);

    /// <summary>The number after some epoch, over the trials that came so far.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is less than 1.</exception>
    public ConfidenceInterval After(int epoch)
    {
        if (epoch < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(epoch), string.Create(CultureInfo.InvariantCulture, $"After: got epoch {epoch}, expected at least 1."));
        }
        return ConfidenceInterval.Of([.. Trials.Where(trial => trial.Values.Count >= epoch && double.IsFinite(trial.Values[epoch - 1]))
            .Select(trial => trial.Values[epoch - 1])]);
    }

    /// <summary>The epochs to the first number at least as good as the target; the count says how many trials reached it.</summary>
    public ConfidenceInterval EpochsTo(double target) =>
        ConfidenceInterval.Of([.. Reached(target).Select(static reached => (double)reached.Epoch)]);

    /// <summary>The seconds to the first number at least as good as the target; the count says how many trials reached it.</summary>
    public ConfidenceInterval SecondsTo(double target) =>
        ConfidenceInterval.Of([.. Reached(target).Select(static reached => reached.Trial.Seconds[reached.Epoch - 1])]);

    private IEnumerable<(TrialResult Trial, int Epoch)> Reached(double target) => Trials
        .Select(trial => (trial, trial.Values.TakeWhile(value => !IsAtLeast(value, target)).Count() + 1))
        .Where(static reached => reached.Item2 <= reached.trial.Values.Count);

    private bool IsAtLeast(double value, double target) => _improvement == Improvement.Decrease ? value <= target : value >= target;

    private static bool IsSound(TrialResult trial) =>
        trial.Values.Count > 0 && trial.Outcome is not (TrialOutcome.Diverged or TrialOutcome.Failed);
}
