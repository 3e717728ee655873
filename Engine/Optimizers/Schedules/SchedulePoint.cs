namespace Engine;

/// <summary>A value of a schedule at an update; a pair converts to it: <c>(1000, 0.5)</c>.</summary>
/// <param name="Update">The number of updates made before.</param>
/// <param name="Value">The value.</param>
public readonly record struct SchedulePoint(long Update, double Value)
{
    /// <summary>The pair as a point.</summary>
    public static implicit operator SchedulePoint((long Update, double Value) pair) => new(pair.Update, pair.Value);
}
