namespace Engine;

/// <summary>√(N/(t + N)).</summary>
internal sealed record InverseSquareRootSchedule(long Updates) : Schedule
{
    public override long? Length => null;

    protected override string Formula => ScheduleText.Of($"√({Updates}/(t + {Updates}))");

    protected override double ValueAt(long update) => Math.Sqrt(Updates / ((double)update + Updates));
}
