namespace Engine;

/// <summary>cos²(π/2·t/N)·from + sin²(π/2·t/N)·to.</summary>
internal sealed record CosineSchedule(long Updates, double From, double To) : Schedule
{
    public override long? Length => Updates;

    protected override string Formula => ScheduleText.Mix(
        From, ScheduleText.Of($"cos²(π/2·t/{Updates})"), To, ScheduleText.Of($"sin²(π/2·t/{Updates})"));

    protected override double ValueAt(long update) => ScheduleCurve.Between(Interpolation.Cosine, update, Updates, From, To);
}
