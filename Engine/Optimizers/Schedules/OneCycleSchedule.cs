namespace Engine;

/// <summary>An interpolation from the initial value to that of each phase in turn.</summary>
internal sealed record OneCycleSchedule(long Updates, double Initial, Interpolation Interpolation, ValueList<OneCyclePhase> Phases)
    : Schedule
{
    public override long? Length => Updates;

    protected override string Formula
    {
        get
        {
            IEnumerable<string> values = Phases.Span.ToArray().Select(phase => ScheduleText.Of($" to {phase.Value} at {phase.End}"));
            string form = Interpolation == Interpolation.Linear ? "linearly" : "by cosine";
            return ScheduleText.Of($"{form} from {Initial}{string.Concat(values)} in {Updates} updates");
        }
    }

    protected override double ValueAt(long update)
    {
        double start = 0, from = Initial;
        foreach ((double end, double value) in Phases.Span)
        {
            // a phase that ends before it begins, as a warm-up of less than an update does, is left out
            if (end > start)
            {
                if (update <= end)
                {
                    return ScheduleCurve.Between(Interpolation, update - start, end - start, from, value);
                }
                start = end;
            }
            from = value;
        }
        return from;
    }
}
