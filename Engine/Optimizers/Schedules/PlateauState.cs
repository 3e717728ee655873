using System.Globalization;

namespace Engine;

/// <summary>What <see cref="ReduceOnPlateau"/> remembers from one metric to the next.</summary>
public sealed record PlateauState
{
    /// <summary>More than any run makes, and few enough to multiply one by one.</summary>
    private const long MaxReductions = 1_000_000;

    /// <summary>Creates a state from its numbers, for example after reading them from a file.</summary>
    /// <param name="best">The best metric so far; ±∞ before the first.</param>
    /// <param name="withoutImprovement">The number of metrics since then, or since the last reduction or cooldown.</param>
    /// <param name="cooldownLeft">The number of metrics that will not be counted.</param>
    /// <param name="reductions">The number of reductions so far.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The metric is NaN, a count is negative, or there are more than a million reductions.
    /// </exception>
    public PlateauState(double best, long withoutImprovement, long cooldownLeft, long reductions)
    {
        Best = !double.IsNaN(best) ? best : throw OutOfRange(nameof(best), best, "a number");
        WithoutImprovement = Count(nameof(withoutImprovement), withoutImprovement);
        CooldownLeft = Count(nameof(cooldownLeft), cooldownLeft);
        Reductions = reductions <= MaxReductions
            ? Count(nameof(reductions), reductions)
            : throw OutOfRange(nameof(reductions), reductions, string.Create(CultureInfo.InvariantCulture, $"at most {MaxReductions}"));
    }

    /// <summary>The best metric so far; ±∞ before the first.</summary>
    public double Best { get; }

    /// <summary>The number of metrics since the best one, or since the last reduction or cooldown.</summary>
    public long WithoutImprovement { get; }

    /// <summary>The number of metrics that will not be counted.</summary>
    public long CooldownLeft { get; }

    /// <summary>The number of reductions so far.</summary>
    public long Reductions { get; }

    private static long Count(string name, long value) => value >= 0 ? value : throw OutOfRange(name, value, "at least 0");

    private static ArgumentOutOfRangeException OutOfRange(string name, double value, string expected) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"PlateauState: got {name} = {value}, expected {expected}."));
}
