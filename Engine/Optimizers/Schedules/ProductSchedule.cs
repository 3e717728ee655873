namespace Engine;

/// <summary>a·b at every update.</summary>
internal sealed record ProductSchedule(Schedule A, Schedule B) : Schedule
{
    public override long? Length => A.Length is { } a && B.Length is { } b ? Math.Max(a, b) : null;

    protected override string Formula => $"{ScheduleText.Factor(A)}·{ScheduleText.Factor(B)}";

    protected override IEnumerable<Schedule> Parts => [A, B];

    protected override double ValueAt(long update) => A.At(update) * B.At(update);
}
