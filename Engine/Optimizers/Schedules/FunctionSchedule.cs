namespace Engine;

/// <summary>A function that the caller gave.</summary>
internal sealed record FunctionSchedule(Func<long, double> Delegate, string Text) : Schedule
{
    public override long? Length => null;

    protected override string Formula => Text;

    protected override double ValueAt(long update) => Delegate(update);
}
