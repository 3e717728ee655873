namespace Engine;

/// <summary>The value of the last point at or before t, or of the first point before it.</summary>
internal sealed record PiecewiseConstantSchedule(ValueList<SchedulePoint> Points) : Schedule
{
    public override long? Length => Points[Points.Count - 1].Update;

    protected override string Formula =>
        string.Join(", ", Points.Span.ToArray().Select(point => ScheduleText.Of($"{point.Value} from {point.Update} on")));

    protected override double ValueAt(long update)
    {
        double value = Points[0].Value;
        for (int i = 1; i < Points.Count && Points[i].Update <= update; i++)
        {
            value = Points[i].Value;
        }
        return value;
    }
}
