namespace Engine;

/// <summary>A schedule between two bounds, of which one may be infinite.</summary>
internal sealed record BoundedSchedule(Schedule Inner, double Minimum, double Maximum) : Schedule
{
    public override long? Length => Inner.Length;

    protected override string Formula => double.IsPositiveInfinity(Maximum)
        ? ScheduleText.Of($"max({Minimum}, {Inner})")
        : ScheduleText.Of($"min({Maximum}, {Inner})");

    protected override IEnumerable<Schedule> Parts => [Inner];

    /// <summary>NaN of a function stays NaN, so that the range of the hyperparameter finds it.</summary>
    protected override double ValueAt(long update) => Math.Min(Maximum, Math.Max(Minimum, Inner.At(update)));
}
