namespace Engine;

/// <summary>from^(1 − t/N)·to^(t/N).</summary>
internal sealed record GeometricSchedule(long Updates, double From, double To) : Schedule
{
    public override long? Length => Updates;

    protected override string Formula => To == 1
        ? ScheduleText.Of($"{From}^(1 − t/{Updates})")
        : ScheduleText.Of($"{From}^(1 − t/{Updates})·{To}^(t/{Updates})");

    protected override double ValueAt(long update) =>
        Power.Of(From, (double)(Updates - update) / Updates) * Power.Of(To, (double)update / Updates);
}
