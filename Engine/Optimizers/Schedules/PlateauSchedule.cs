namespace Engine;

/// <summary>max(factor·value, minimum), once for each reduction so far, as long as that changes the value by more than epsilon.</summary>
internal sealed record PlateauSchedule(ReduceOnPlateau Plateau, Schedule Start, double Minimum, double Epsilon) : Schedule
{
    /// <summary>A metric may come at any time.</summary>
    public override long? Length => null;

    protected override string Formula => ScheduleText.Of($"({Start})·{Plateau}, minimum {Minimum}, epsilon {Epsilon}");

    protected override IEnumerable<Schedule> Parts => [Start];

    internal override IEnumerable<ReduceOnPlateau> Plateaus => base.Plateaus.Prepend(Plateau);

    protected override double ValueAt(long update)
    {
        double value = Start.At(update);
        for (long i = Plateau.Reductions; i > 0; i--)
        {
            double reduced = Math.Max(value * Plateau.Factor, Minimum);
            if (!(value - reduced > Epsilon))
            {
                break; // and so it would be at all further reductions
            }
            value = reduced;
        }
        return value;
    }
}
