using System.Globalization;

namespace Engine;

/// <summary>
/// A whole number that a module keeps and saves, such as the batches or steps it has seen. It is never rounded, as a float above
/// 16,777,216 would be.
/// </summary>
public sealed class NamedCounter
{
    private long _value;

    internal NamedCounter(string name) => Name = name;

    /// <summary>The name, prefixed with the names of the modules that contain it.</summary>
    public string Name { get; internal set; }

    /// <summary>The current number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public long Value
    {
        get => _value;
        set
        {
            _value = value >= 0
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(value),
                    string.Create(CultureInfo.InvariantCulture, $"Value: got {value} for '{Name}', expected a non-negative number."));
        }
    }

    /// <summary>The name and the number.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Value}");
}
