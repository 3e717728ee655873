namespace Engine;

/// <summary>factor^⌊t/size⌋.</summary>
internal sealed record StepSchedule(long Size, double Factor) : Schedule
{
    public override long? Length => null;

    protected override string Formula => ScheduleText.Of($"{Factor}^⌊t/{Size}⌋");

    protected override double ValueAt(long update) => Power.Of(Factor, update / Size);
}
