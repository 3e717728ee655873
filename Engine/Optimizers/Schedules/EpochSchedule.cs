namespace Engine;

/// <summary>A schedule at ⌊t/n⌋, the number of epochs made.</summary>
internal sealed record EpochSchedule(Schedule Inner, long UpdatesPerEpoch) : Schedule
{
    public override long? Length => Inner.Length * UpdatesPerEpoch;

    protected override string Formula => ScheduleText.Of($"({Inner}) at ⌊t/{UpdatesPerEpoch}⌋");

    protected override IEnumerable<Schedule> Parts => [Inner];

    protected override double ValueAt(long update) => Inner.At(update / UpdatesPerEpoch);
}
