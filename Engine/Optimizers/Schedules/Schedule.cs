using System.Globalization;

namespace Engine;

/// <summary>
/// A pure function of the number of updates made before: 0 at the first. It may be the value of any hyperparameter, and nothing advances
/// it. The factories describe a factor, 1 at its largest, so that <c>0.1 * Schedule.Warmup(100).Then(Schedule.Cosine(900))</c> is a rate
/// and groups with other rates share the schedule; with <c>from</c> and <c>to</c> they give values themselves.
/// </summary>
/// <remarks>
/// A schedule of your own is <see cref="Function"/>, or a record that derives from this one. Schedules are equal if they are of one kind
/// with equal numbers. The text is the formula, in which t is the number of updates made before; after a join it counts from 0 again.
/// </remarks>
public abstract partial record Schedule
{
    /// <summary>The largest count: a double counts exactly up to 2⁵³.</summary>
    private const long MaxUpdates = 1L << 53;

    /// <summary>
    /// The number of updates after which the value stays what it is at this count: 0 of a constant, null where the value never settles.
    /// </summary>
    public abstract long? Length { get; }

    /// <summary>The formula: what <see cref="object.ToString"/> prints.</summary>
    protected abstract string Formula { get; }

    /// <summary>The schedules that this one is made of.</summary>
    protected virtual IEnumerable<Schedule> Parts => [];

    /// <summary>The value for the update after <paramref name="update"/> others; past <see cref="Length"/>, the last one.</summary>
    /// <param name="update">The number of updates made before, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public double At(long update)
    {
        if (update < 0)
        {
            throw OutOfRange(nameof(At), nameof(update), update, "at least 0");
        }
        return ValueAt(Length is { } length && length < update ? length : update);
    }

    /// <summary>The formula at a count from 0 to <see cref="Length"/>.</summary>
    protected abstract double ValueAt(long update);

    /// <summary>A constant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static implicit operator Schedule(double value) => Constant(value);

    /// <summary>The product of two schedules at every update; one of them may be a number.</summary>
    public static Schedule operator *(Schedule a, Schedule b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new ProductSchedule(a, b);
    }

    /// <summary>
    /// Another schedule once this one has ended: this one at t &lt; <see cref="Length"/>, then the next at t − <see cref="Length"/>.
    /// </summary>
    /// <exception cref="ArgumentException">This schedule has no end, or ends at once, as a constant does.</exception>
    public Schedule Then(Schedule next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return JoinedSchedule.Of(this, next);
    }

    /// <summary>
    /// This schedule up to a number of updates, at which it stops changing: <c>Schedule.Constant(0.1).For(5).Then(1)</c>.
    /// </summary>
    /// <param name="updates">The new <see cref="Length"/>, at least 1; it may be longer than the present one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1 or above 2⁵³.</exception>
    public Schedule For(long updates) => new LimitedSchedule(this, CheckUpdates(nameof(For), nameof(updates), updates));

    /// <summary>This schedule over and over: it begins again after each <see cref="Length"/> of updates.</summary>
    /// <exception cref="InvalidOperationException">This schedule has no end, or ends at once, as a constant does.</exception>
    public Schedule Repeat() => Length is > 0
        ? new RepeatedSchedule(this)
        : throw new InvalidOperationException($"Repeat: got '{this}', expected a schedule that ends; For(updates) gives it an end.");

    /// <summary>
    /// This schedule with one of its steps per epoch: <c>Schedule.Step(30, 0.1).ByEpoch(391)</c> divides the rate by 10 every 30 epochs of
    /// 391 updates.
    /// </summary>
    /// <param name="updatesPerEpoch">The number of updates in an epoch, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1, or so large that the schedule would be above 2⁵³.</exception>
    public Schedule ByEpoch(long updatesPerEpoch)
    {
        CheckUpdates(nameof(ByEpoch), nameof(updatesPerEpoch), updatesPerEpoch);
        return Length is { } length && length > MaxUpdates / updatesPerEpoch
            ? throw OutOfRange(nameof(ByEpoch), nameof(updatesPerEpoch), updatesPerEpoch, string.Create(
                CultureInfo.InvariantCulture, $"at most {MaxUpdates / length} for {length} epochs"))
            : new EpochSchedule(this, updatesPerEpoch);
    }

    /// <summary>The larger of this schedule and a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public Schedule AtLeast(double minimum) =>
        new BoundedSchedule(this, CheckNumber(nameof(AtLeast), nameof(minimum), minimum), double.PositiveInfinity);

    /// <summary>The smaller of this schedule and a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public Schedule AtMost(double maximum) =>
        new BoundedSchedule(this, double.NegativeInfinity, CheckNumber(nameof(AtMost), nameof(maximum), maximum));

    /// <summary>The formula with its numbers, in which t is the number of updates made before.</summary>
    public sealed override string ToString() => Formula;

    /// <summary>Every reduction on plateaus that the value depends on, in the order of the formula.</summary>
    internal virtual IEnumerable<ReduceOnPlateau> Plateaus => Parts.SelectMany(part => part.Plateaus);

    /// <summary>A number of updates: from 1 to 2⁵³.</summary>
    private protected static long CheckUpdates(string schedule, string name, long value) => value is >= 1 and <= MaxUpdates
        ? value
        : throw OutOfRange(schedule, name, value, string.Create(CultureInfo.InvariantCulture, $"1 to {MaxUpdates} updates"));

    /// <summary>A finite number.</summary>
    private protected static double CheckNumber(string schedule, string name, double value) =>
        double.IsFinite(value) ? value : throw OutOfRange(schedule, name, value, "a finite number");

    /// <summary>A finite number of at least 0.</summary>
    private protected static double CheckNonNegative(string schedule, string name, double value) =>
        value >= 0 && double.IsFinite(value) ? value : throw OutOfRange(schedule, name, value, "a finite number of at least 0");

    /// <summary>A finite number above 0.</summary>
    private protected static double CheckPositive(string schedule, string name, double value) =>
        value > 0 && double.IsFinite(value) ? value : throw OutOfRange(schedule, name, value, "a finite number above 0");

    private protected static ArgumentOutOfRangeException OutOfRange(string schedule, string name, IFormattable value, string expected) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{schedule}: got {name} = {value}, expected {expected}."));
}
