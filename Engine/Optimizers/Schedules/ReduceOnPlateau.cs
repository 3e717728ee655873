using System.Globalization;

namespace Engine;

/// <summary>
/// Reduces hyperparameters when a metric stops improving (PyTorch's ReduceLROnPlateau): the one schedule with a state. After each epoch,
/// or whenever there is a metric, call <see cref="Observe"/>; <see cref="Reduce"/> gives the schedules, of which any number may follow the
/// same metric: <c>LearningRate = plateau.Reduce(0.1 * Schedule.Warmup(100))</c>. An optimizer saves the state with its own.
/// </summary>
/// <remarks>Between two calls of <see cref="Observe"/> its schedules are pure functions. One thread uses it at a time.</remarks>
public sealed class ReduceOnPlateau
{
    private PlateauState? _state;

    /// <summary>What a reduction multiplies by, at least 0 and less than 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is outside its range.</exception>
    public double Factor
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw OutOfRange(nameof(Factor), value, "a number in [0, 1)");
    } = 0.1;

    /// <summary>The number of metrics without improvement that are tolerated; the next one reduces.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public long Patience
    {
        get;
        init => field = value >= 0 ? value : throw OutOfRange(nameof(Patience), value, "at least 0");
    } = 10;

    /// <summary>The number of metrics after a reduction that are not counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public long Cooldown
    {
        get;
        init => field = value >= 0 ? value : throw OutOfRange(nameof(Cooldown), value, "at least 0");
    }

    /// <summary>Whether smaller or larger metrics are better.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public Improvement Improvement
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw OutOfRange(nameof(Improvement), (int)value, "Decrease or Increase");
    }

    /// <summary>By how much a metric must be better to count; by default relative, 10⁻⁴.</summary>
    public ImprovementThreshold Threshold { get; init; } = ImprovementThreshold.Relative(1e-4);

    /// <summary>What it remembers: to be saved, and to be restored before training continues.</summary>
    public PlateauState State
    {
        get => _state ?? new PlateauState(Improvement == Improvement.Decrease ? double.PositiveInfinity : double.NegativeInfinity, 0, 0, 0);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _state = value;
        }
    }

    /// <summary>The number of reductions so far.</summary>
    internal long Reductions => _state?.Reductions ?? 0;

    /// <summary>Takes the next metric, and reduces if it and too many before it are no improvement.</summary>
    /// <param name="metric">The metric; ±∞ is allowed.</param>
    /// <returns>Whether it reduced.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The metric is NaN, which is no worse and no better than any; nothing has changed.
    /// </exception>
    public bool Observe(double metric)
    {
        if (double.IsNaN(metric))
        {
            throw OutOfRange(nameof(metric), metric, "a number");
        }
        PlateauState state = State;
        bool isBetter = Threshold.IsReached(metric, state.Best, Improvement);
        double best = isBetter ? metric : state.Best;
        long cooldown = Math.Max(0, state.CooldownLeft - 1);
        long without = isBetter || state.CooldownLeft > 0 ? 0 : state.WithoutImprovement + 1;
        bool reduces = without > Patience;
        _state = reduces
            ? new PlateauState(best, 0, Cooldown, state.Reductions + 1)
            : new PlateauState(best, without, cooldown, state.Reductions);
        return reduces;
    }

    /// <summary>
    /// A schedule that starts as another, or as a number, and is multiplied by <see cref="Factor"/> at each reduction. The groups of an
    /// optimizer may have one each.
    /// </summary>
    /// <param name="start">The schedule before the first reduction.</param>
    /// <param name="minimum">The value that no reduction goes below, at least 0.</param>
    /// <param name="epsilon">A reduction that would change the value by no more than this is not made; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or not finite.</exception>
    public Schedule Reduce(Schedule start, double minimum = 0, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new PlateauSchedule(this, start, NonNegative(nameof(minimum), minimum), NonNegative(nameof(epsilon), epsilon));
    }

    /// <summary>The options, without the state.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Factor} at each plateau ({Improvement}, {Threshold}, patience {Patience}, cooldown {Cooldown})");

    private static double NonNegative(string name, double value) =>
        value >= 0 && double.IsFinite(value) ? value : throw OutOfRange(name, value, "a finite number of at least 0");

    private static ArgumentOutOfRangeException OutOfRange(string name, double value, string expected) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"ReduceOnPlateau: got {name} = {value}, expected {expected}."));
}
