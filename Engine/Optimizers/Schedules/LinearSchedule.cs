namespace Engine;

/// <summary>(1 − t/N)·from + t/N·to.</summary>
internal sealed record LinearSchedule(long Updates, double From, double To) : Schedule
{
    public override long? Length => Updates;

    protected override string Formula =>
        ScheduleText.Mix(From, ScheduleText.Of($"(1 − t/{Updates})"), To, ScheduleText.Of($"t/{Updates}"));

    protected override double ValueAt(long update) => ScheduleCurve.Between(Interpolation.Linear, update, Updates, From, To);
}
