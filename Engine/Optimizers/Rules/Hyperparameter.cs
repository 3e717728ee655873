using System.Globalization;

namespace Engine;

/// <summary>A number that a rule is tuned with: fixed, or a function of the count of updates already made (0 at the first).</summary>
public readonly struct Hyperparameter : IEquatable<Hyperparameter>
{
    private readonly double _value;
    private readonly Func<long, double>? _schedule;

    private Hyperparameter(double value, Func<long, double>? schedule)
    {
        _value = value;
        _schedule = schedule;
    }

    /// <summary>Whether it changes with the updates.</summary>
    public bool IsScheduled => _schedule is not null;

    /// <summary>A fixed value.</summary>
    public static implicit operator Hyperparameter(double value) => new(value, null);

    /// <summary>A value that follows a pure function of the number of updates made before.</summary>
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

    /// <summary>Equal values or the same function.</summary>
    public static bool operator ==(Hyperparameter a, Hyperparameter b) => a.Equals(b);

    /// <summary>Different values or functions.</summary>
    public static bool operator !=(Hyperparameter a, Hyperparameter b) => !a.Equals(b);

    /// <summary>The number, or that it is scheduled.</summary>
    public override string ToString() => IsScheduled ? "scheduled" : _value.ToString(CultureInfo.InvariantCulture);
}
