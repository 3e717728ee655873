namespace Engine;

/// <summary>An interpolation between the two points around t.</summary>
internal sealed record PiecewiseSchedule(Interpolation Interpolation, ValueList<SchedulePoint> Points) : Schedule
{
    public override long? Length => Points[Points.Count - 1].Update;

    protected override string Formula
    {
        get
        {
            IEnumerable<string> points = Points.Span.ToArray().Select(point => ScheduleText.Of($"{point.Value} at {point.Update}"));
            return $"{(Interpolation == Interpolation.Linear ? "linearly" : "by cosine")} through {string.Join(", ", points)}";
        }
    }

    protected override double ValueAt(long update)
    {
        for (int i = 1; i < Points.Count; i++)
        {
            (long start, double from) = Points[i - 1];
            (long end, double to) = Points[i];
            if (update < end)
            {
                return ScheduleCurve.Between(Interpolation, Math.Max(0, update - start), end - start, from, to);
            }
        }
        return Points[Points.Count - 1].Value;
    }
}
