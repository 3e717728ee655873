namespace Engine;

/// <summary>The same value at every update.</summary>
internal sealed record ConstantSchedule(double Value) : Schedule
{
    public override long? Length => 0;

    protected override string Formula => ScheduleText.Of(Value);

    protected override double ValueAt(long update) => Value;
}
