namespace Engine;

/// <summary>
/// A part of an axis: every <see cref="Step"/>-th element of a range. A C# range converts to it, and so does a range with a step:
/// <c>x.Slice(1..3, (.., 2))</c>.
/// </summary>
/// <param name="Range">From the first element up to, but not including, the last: <c>1..3</c>, <c>..^1</c>, <c>..</c>.</param>
/// <param name="Step">The distance from one element to the next, at least 1.</param>
public readonly record struct AxisRange(Range Range, int Step = 1)
{
    /// <summary>All elements of a range.</summary>
    public static implicit operator AxisRange(Range range) => new(range);

    /// <summary>A range with a step.</summary>
    public static implicit operator AxisRange((Range Range, int Step) range) => new(range.Range, range.Step);
}
