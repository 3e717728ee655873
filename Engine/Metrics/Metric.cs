using System.Globalization;

namespace Engine;

/// <summary>A measure that is gathered over batches: reset, add each batch, read the value.</summary>
public abstract class Metric
{
    /// <summary>What it is called in tables and on curves, for example <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The number of rows or elements added since the last reset.</summary>
    public abstract long Count { get; }

    /// <summary>The measure of all that was added since the last reset; NaN if that is nothing.</summary>
    public abstract double Value { get; }

    /// <summary>Forgets what was added.</summary>
    public abstract void Reset();

    /// <summary>Name and value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Value:G6}");
}
