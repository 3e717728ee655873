using System.Globalization;

namespace Engine;

/// <summary>By how much a metric must be better than the best one so far to count as an improvement.</summary>
public readonly record struct ImprovementThreshold
{
    private ImprovementThreshold(double amount, bool isRelative)
    {
        Amount = amount;
        IsRelative = isRelative;
    }

    /// <summary>The amount ε ≥ 0.</summary>
    public double Amount { get; }

    /// <summary>Whether the amount is a part of the best metric, and not in the metric's own unit.</summary>
    public bool IsRelative { get; }

    /// <summary>
    /// Better than best·(1 − ε), or best·(1 + ε) where larger is better (PyTorch's threshold_mode "rel"). Of a metric that can be negative,
    /// take <see cref="Absolute"/>: best·(1 − ε) is then above the best.
    /// </summary>
    /// <param name="part">ε, from 0 to below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is outside its range.</exception>
    public static ImprovementThreshold Relative(double part) => part is >= 0 and < 1
        ? new(part, isRelative: true)
        : throw OutOfRange(nameof(Relative), nameof(part), part, "a number in [0, 1)");

    /// <summary>Better than best − ε, or best + ε where larger is better (PyTorch's threshold_mode "abs").</summary>
    /// <param name="amount">ε ≥ 0, in the metric's unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative or not finite.</exception>
    public static ImprovementThreshold Absolute(double amount) => amount >= 0 && double.IsFinite(amount)
        ? new(amount, isRelative: false)
        : throw OutOfRange(nameof(Absolute), nameof(amount), amount, "a finite number of at least 0");

    /// <summary>Whether a metric is an improvement on the best one so far.</summary>
    public bool IsReached(double metric, double best, Improvement improvement) => improvement == Improvement.Decrease
        ? metric < (IsRelative ? best * (1 - Amount) : best - Amount)
        : metric > (IsRelative ? best * (1 + Amount) : best + Amount);

    /// <summary>The kind and the amount.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsRelative ? "relative" : "absolute")} threshold {Amount}");

    private static ArgumentOutOfRangeException OutOfRange(string kind, string name, double value, string expected) => new(name,
        string.Create(CultureInfo.InvariantCulture, $"ImprovementThreshold.{kind}: got {name} = {value}, expected {expected}."));
}
