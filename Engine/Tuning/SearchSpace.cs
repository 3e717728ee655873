using System.Globalization;

namespace Engine;

/// <summary>
/// The hyperparameters to search, each with its values:
/// <c>new SearchSpace().Choice("rule", "AdamW", "Lion").LogUniform("rate", 1e-4, 1)</c>. A space is never changed; each method gives a new
/// one with one more dimension.
/// </summary>
public sealed class SearchSpace
{
    private readonly Dimension[] _dimensions;

    /// <summary>A space without dimensions.</summary>
    public SearchSpace()
        : this([])
    {
    }

    private SearchSpace(Dimension[] dimensions) => _dimensions = dimensions;

    /// <summary>Adds a dimension of texts.</summary>
    /// <exception cref="ArgumentException">The name is taken, or there are no values.</exception>
    public SearchSpace Choice(string name, params IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
        {
            throw new ArgumentException($"Choice: got no values for '{name}', expected at least one.", nameof(values));
        }
        string[] copy = [.. values];
        if (Array.IndexOf(copy, null) >= 0)
        {
            throw new ArgumentException($"Choice: got a value of '{name}' that is null, expected texts.", nameof(values));
        }
        return With(new(name, copy.Length, position => copy[Math.Min(copy.Length - 1, (int)(position * copy.Length))]));
    }

    /// <summary>Adds a dimension of numbers from low to high, each as likely as another.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are not finite, or low is above high.</exception>
    public SearchSpace Uniform(string name, double low, double high)
    {
        Check(name, low, high, low <= high, "low ≤ high");
        return With(new(name, null, position => (1 - position) * low + position * high));
    }

    /// <summary>
    /// Adds a dimension of numbers from low to high whose logarithms are as likely as one another: learning rates, decays.
    /// </summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are not finite, low is not positive, or low is above high.</exception>
    public SearchSpace LogUniform(string name, double low, double high)
    {
        Check(name, low, high, 0 < low && low <= high, "0 < low ≤ high");
        double from = Scalar<double>.Log(low).Value, to = Scalar<double>.Log(high).Value;
        return With(new(
            name,
            null,
            position => position == 0 ? low
                : position == 1 ? high
                : Math.Clamp(Scalar<double>.Exp((1 - position) * from + position * to).Value, low, high)));
    }

    /// <summary>
    /// All points of a grid: of each dimension of numbers this many values from the lowest to the highest, evenly spaced (for
    /// <see cref="LogUniform"/>, in the logarithm), and all values of each dimension of texts. The last dimension changes fastest.
    /// </summary>
    /// <param name="points">The values of each dimension of numbers, at least 1; one is the middle.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no points.</exception>
    public IReadOnlyList<Configuration> Grid(int points)
    {
        if (points < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(points), string.Create(CultureInfo.InvariantCulture, $"Grid: got {points} points, expected at least 1."));
        }
        IEnumerable<(string, object)[]> rows = [[]];
        foreach (Dimension dimension in _dimensions)
        {
            double[] positions = dimension.ChoiceCount is { } count
                ? [.. Enumerable.Range(0, count).Select(i => (i + 0.5) / count)]
                : [.. Enumerable.Range(0, points).Select(i => points == 1 ? 0.5 : (double)i / (points - 1))];
            rows = [.. rows.SelectMany(_ => positions, (row, at) => ((string, object)[])[.. row, (dimension.Name, dimension.ValueAt(at))])];
        }
        return [.. rows.Select(static row => new Configuration(row))];
    }

    /// <summary>A random point, which depends on the key and the index alone.</summary>
    /// <param name="key">The key of the search.</param>
    /// <param name="index">Which of the points, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public Configuration Sample(RandomKey key, long index)
    {
        if (index < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), string.Create(CultureInfo.InvariantCulture, $"Sample: got index {index}, expected at least 0."));
        }
        return new([.. _dimensions.Select(dimension => (dimension.Name, dimension.ValueAt(key.Fold(dimension.Name).Uniform(index))))]);
    }

    private SearchSpace With(Dimension dimension)
    {
        ArgumentException.ThrowIfNullOrEmpty(dimension.Name, "name");
        return Array.Exists(_dimensions, known => known.Name == dimension.Name)
            ? throw new ArgumentException($"SearchSpace: got the dimension '{dimension.Name}' twice, expected another name.", "name")
            : new([.. _dimensions, dimension]);
    }

    private static void Check(string name, double low, double high, bool isInOrder, string expected)
    {
        if (!isInOrder || !double.IsFinite(low) || !double.IsFinite(high))
        {
            throw new ArgumentOutOfRangeException(
                nameof(low),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SearchSpace: got {low} to {high} for '{name}', expected finite numbers with {expected}."));
        }
    }

    /// <summary>One hyperparameter.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="ChoiceCount">The number of texts; null for numbers.</param>
    /// <param name="ValueAt">The value at a position from 0 to 1.</param>
    private sealed record Dimension(string Name, int? ChoiceCount, Func<double, object> ValueAt);
}
