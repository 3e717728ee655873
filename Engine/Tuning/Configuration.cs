using System.Globalization;

namespace Engine;

/// <summary>A point of a search space: a value for each of its dimensions.</summary>
public sealed class Configuration
{
    private readonly (string Name, object Value)[] _values;

    internal Configuration((string Name, object Value)[] values) => _values = values;

    /// <summary>The names of the dimensions, in the order in which they were added to the space.</summary>
    public IEnumerable<string> Names => _values.Select(static value => value.Name);

    /// <summary>The value of a dimension of numbers.</summary>
    /// <exception cref="ArgumentException">There is no dimension of that name, or it is one of texts.</exception>
    public double Number(string name) => Find(name) is double number
        ? number
        : throw new ArgumentException(
            $"Configuration: got '{name}' for a number, expected a dimension of numbers; it is one of texts.", nameof(name));

    /// <summary>The value of a dimension of texts.</summary>
    /// <exception cref="ArgumentException">There is no dimension of that name, or it is one of numbers.</exception>
    public string Text(string name) => Find(name) as string
        ?? throw new ArgumentException(
            $"Configuration: got '{name}' for a text, expected a dimension of texts; it is one of numbers.", nameof(name));

    /// <summary>All values, for example <c>rule = AdamW, rate = 0.001</c>; numbers with four digits.</summary>
    public override string ToString() => string.Join(", ", _values.Select(static value => value.Value is double number
        ? string.Create(CultureInfo.InvariantCulture, $"{value.Name} = {number:G4}")
        : $"{value.Name} = {value.Value}"));

    private object Find(string name)
    {
        foreach ((string known, object value) in _values)
        {
            if (known == name)
            {
                return value;
            }
        }
        throw new ArgumentException(
            $"Configuration: got the dimension '{name}', expected one of: {string.Join(", ", Names)}.", nameof(name));
    }
}
