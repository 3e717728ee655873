namespace Engine;

/// <summary>Curves of so many points that a picture cannot show them all.</summary>
internal static class Curve
{
    private const int MaxPoints = 4096;

    /// <summary>
    /// The points as they are, or the least and the greatest of each of 2,048 stretches, in the order of their steps, so that no peak is
    /// lost; a stretch without finite values keeps its first point, and the last point is always there.
    /// </summary>
    public static IReadOnlyList<ScalarPoint> Thin(IReadOnlyList<ScalarPoint> points)
    {
        if (points.Count <= MaxPoints)
        {
            return points;
        }
        List<ScalarPoint> kept = new(MaxPoints + 1);
        const int stretches = MaxPoints / 2;
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            int first = (int)((long)points.Count * stretch / stretches), end = (int)((long)points.Count * (stretch + 1) / stretches);
            int least = first, greatest = first;
            for (int i = first + 1; i < end; i++)
            {
                least = !(points[i].Value >= points[least].Value) && double.IsFinite(points[i].Value) ? i : least;
                greatest = !(points[i].Value <= points[greatest].Value) && double.IsFinite(points[i].Value) ? i : greatest;
            }
            kept.Add(points[Math.Min(least, greatest)]);
            if (least != greatest)
            {
                kept.Add(points[Math.Max(least, greatest)]);
            }
        }
        if (kept[^1] != points[^1])
        {
            kept.Add(points[^1]);
        }
        return kept;
    }
}
