using System.Globalization;

namespace Engine;

/// <summary>
/// A number that tunes a rule: a constant, or a schedule, that is, a function of the number of updates made before (0 at the first).
/// </summary>
public readonly struct Hyperparameter : IEquatable<Hyperparameter>
{
    private readonly double _value;
    private readonly Func<long, double>? _schedule;

    private Hyperparameter(double value, Func<long, double>? schedule)
    {
        _value = value;
        _schedule = schedule;
    }

    /// <summary>Whether the value follows a schedule.</summary>
    public bool IsScheduled => _schedule is not null;

    /// <summary>A constant value.</summary>
    public static implicit operator Hyperparameter(double value) => new(value, null);

    /// <summary>A value that follows a schedule.</summary>
    public static Hyperparameter Scheduled(Func<long, double> schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new Hyperparameter(double.NaN, schedule);
    }

    /// <summary>The value for the update after <paramref name="updates"/> others.</summary>
    public double At(long updates) => _schedule is null ? _value : _schedule(updates);

    /// <inheritdoc/>
    public bool Equals(Hyperparameter other) => _value.Equals(other._value) && Equals(_schedule, other._schedule);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hyperparameter other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, _schedule);

    /// <summary>Whether both have the same constant or the same schedule.</summary>
    public static bool operator ==(Hyperparameter a, Hyperparameter b) => a.Equals(b);

    /// <summary>Whether the constants or schedules differ.</summary>
    public static bool operator !=(Hyperparameter a, Hyperparameter b) => !a.Equals(b);

    /// <summary>The number, or "scheduled".</summary>
    public override string ToString() => IsScheduled ? "scheduled" : _value.ToString(CultureInfo.InvariantCulture);
}
