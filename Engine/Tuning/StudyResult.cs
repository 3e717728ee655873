using System.Globalization;
using System.Text;

namespace Engine;

/// <summary>What a study came to.</summary>
public sealed class StudyResult
{
    internal StudyResult(IReadOnlyList<CandidateResult> candidates, bool isComplete) =>
        (Candidates, IsComplete) = (candidates, isComplete);

    /// <summary>
    /// Candidates from best to worst. Those with a diverged or failed trial come last; among the rest, those that trained longer come
    /// first, and then those with the better mean of the last number.
    /// </summary>
    public IReadOnlyList<CandidateResult> Candidates { get; }

    /// <summary>Whether the study was not cancelled.</summary>
    public bool IsComplete { get; }

    /// <summary>The best candidate.</summary>
    public CandidateResult Best => Candidates[0];

    /// <summary>A candidate by its name.</summary>
    /// <exception cref="ArgumentException">There is no candidate of that name.</exception>
    public CandidateResult this[string name] => Candidates.FirstOrDefault(candidate => candidate.Name == name)
        ?? throw new ArgumentException($"StudyResult: got the candidate '{name}', expected one of the study's.", nameof(name));

    /// <summary>A table: name, last number with its 95 % interval, epochs, and what did not go well.</summary>
    public override string ToString()
    {
        int width = Candidates.Max(static candidate => candidate.Name.Length);
        StringBuilder text = new();
        foreach (CandidateResult candidate in Candidates)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(candidate.Name.PadRight(width))
                .Append(CultureInfo.InvariantCulture, $"  {candidate.Final.ToString(),-20}  ")
                .Append(CultureInfo.InvariantCulture, $"{candidate.Epochs} epochs, {candidate.Trials.Count} seeds");
            foreach (IGrouping<TrialOutcome, TrialResult> group in candidate.Trials.GroupBy(static trial => trial.Outcome))
            {
                if (group.Key != TrialOutcome.Completed)
                {
                    text.Append(CultureInfo.InvariantCulture, $", {group.Count()} {group.Key.ToString().ToLowerInvariant()}");
                }
            }
        }
        return text.ToString();
    }
}
