namespace Engine;

/// <summary>factor^(t/N).</summary>
internal sealed record ExponentialSchedule(double Factor, long Updates) : Schedule
{
    public override long? Length => null;

    protected override string Formula => Updates == 1 ? ScheduleText.Of($"{Factor}ᵗ") : ScheduleText.Of($"{Factor}^(t/{Updates})");

    protected override double ValueAt(long update) => Power.Of(Factor, (double)update / Updates);
}
