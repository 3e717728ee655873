using System.Globalization;

namespace Engine;

/// <summary>
/// A number that tunes a rule: a constant, or a <see cref="Engine.Schedule"/>, that is, a function of the number of updates made before (0
/// at the first). Both convert to it: <c>LearningRate = 0.1</c>, <c>LearningRate = 0.1 * Schedule.Cosine(900)</c>.
/// </summary>
public readonly struct Hyperparameter : IEquatable<Hyperparameter>
{
    private readonly double _value;

    private Hyperparameter(double value, Schedule? schedule)
    {
        _value = value;
        Schedule = schedule;
    }

    /// <summary>The schedule that the value follows; null for a constant.</summary>
    public Schedule? Schedule { get; }

    /// <summary>A constant value.</summary>
    public static implicit operator Hyperparameter(double value) => new(value, null);

    /// <summary>A value that follows a schedule.</summary>
    public static implicit operator Hyperparameter(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new Hyperparameter(double.NaN, schedule);
    }

    /// <summary>The value for the update after <paramref name="updates"/> others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, and there is a schedule.</exception>
    public double At(long updates) => Schedule is null ? _value : Schedule.At(updates);

    /// <inheritdoc/>
    public bool Equals(Hyperparameter other) => _value.Equals(other._value) && Equals(Schedule, other.Schedule);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hyperparameter other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, Schedule);

    /// <summary>Whether both have the same constant or equal schedules.</summary>
    public static bool operator ==(Hyperparameter a, Hyperparameter b) => a.Equals(b);

    /// <summary>Whether the constants or schedules differ.</summary>
    public static bool operator !=(Hyperparameter a, Hyperparameter b) => !a.Equals(b);

    /// <summary>The number, or the schedule's formula.</summary>
    public override string ToString() => Schedule?.ToString() ?? _value.ToString(CultureInfo.InvariantCulture);
}
