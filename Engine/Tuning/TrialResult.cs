namespace Engine;

/// <summary>What a trial came to.</summary>
/// <param name="Candidate">The candidate's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Values">The number measured after each epoch.</param>
/// <param name="Seconds">The time from the start of the trial to the end of each epoch, while it was running.</param>
/// <param name="Error">The type and message of the exception that ended it, or null.</param>
public sealed record TrialResult(
    string Candidate, int Seed, TrialOutcome Outcome, IReadOnlyList<double> Values, IReadOnlyList<double> Seconds, string? Error);
