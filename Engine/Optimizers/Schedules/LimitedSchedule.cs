namespace Engine;

/// <summary>A schedule that stops changing after a number of updates.</summary>
internal sealed record LimitedSchedule(Schedule Inner, long Updates) : Schedule
{
    public override long? Length => Updates;

    protected override string Formula => ScheduleText.Of($"{ScheduleText.Whole(Inner)} for {Updates} updates");

    protected override IEnumerable<Schedule> Parts => [Inner];

    protected override double ValueAt(long update) => Inner.At(update);
}
