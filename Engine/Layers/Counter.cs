using System.Globalization;

namespace Engine;

/// <summary>A whole number that a module keeps and saves: batches or steps seen. It is never rounded, as a float would be past 16,777,216.</summary>
public sealed class Counter
{
    private long _value;

    internal Counter(string name) => Name = name;

    /// <summary>The name, with those of the modules around before it.</summary>
    public string Name { get; internal set; }

    /// <summary>The number now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number is set.</exception>
    public long Value
    {
        get => _value;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _value = value;
        }
    }

    /// <summary>Name and number.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Value}");
}
