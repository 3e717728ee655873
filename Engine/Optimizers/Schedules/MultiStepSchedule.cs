namespace Engine;

/// <summary>factorⁿ with the number n of milestones that are at most t.</summary>
internal sealed record MultiStepSchedule(double Factor, ValueList<long> Milestones) : Schedule
{
    public override long? Length => Milestones[Milestones.Count - 1];

    protected override string Formula =>
        ScheduleText.Of($"{Factor}ⁿ, n milestones of {string.Join(", ", Milestones.Span.ToArray())} up to t");

    protected override double ValueAt(long update)
    {
        int reached = 0;
        while (reached < Milestones.Count && Milestones[reached] <= update)
        {
            reached++;
        }
        return Power.Of(Factor, reached);
    }
}
