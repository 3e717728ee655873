namespace Engine;

/// <summary>A schedule at t mod its length.</summary>
internal sealed record RepeatedSchedule(Schedule Inner) : Schedule
{
    public override long? Length => null;

    protected override string Formula => ScheduleText.Of($"({Inner}) at t mod {Inner.Length}");

    protected override IEnumerable<Schedule> Parts => [Inner];

    protected override double ValueAt(long update) => Inner.At(update % Inner.Length!.Value);
}
