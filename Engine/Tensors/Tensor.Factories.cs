using System.Globalization;

namespace Engine;

public readonly partial struct Tensor<T>
{
    /// <summary>All elements 0.</summary>
    public static Tensor<T> Zeros(in Shape shape) => new(Buffer<T>.ForResult(shape.Length, clear: true), shape);

    /// <summary>All elements <paramref name="value"/>.</summary>
    public static Tensor<T> Full(in Shape shape, T value)
    {
        Tensor<T> tensor = Uninitialized(shape);
        tensor.Output.Fill(value);
        return tensor;
    }

    /// <summary>All elements 1.</summary>
    public static Tensor<T> Ones(in Shape shape) => Full(shape, T.One);

    /// <summary>The identity matrix: 1 where both indices are equal, else 0.</summary>
    /// <param name="rows">The number of rows, and of columns.</param>
    /// <exception cref="ArgumentException">The number is negative, or the matrix too large.</exception>
    public static Tensor<T> Eye(int rows) => Eye(rows, rows);

    /// <summary>A matrix with 1 where both indices are equal, else 0.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <exception cref="ArgumentException">A number is negative, or the matrix too large.</exception>
    public static Tensor<T> Eye(int rows, int columns)
    {
        Tensor<T> tensor = Zeros(new Shape([rows, columns], nameof(Eye)));
        Span<T> elements = tensor.Output;
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            elements[i * columns + i] = T.One;
        }
        return tensor;
    }

    /// <summary>The whole numbers 0, 1, 2, … below <paramref name="end"/>.</summary>
    /// <param name="end">The number that the elements stay below, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The end is negative or not finite.</exception>
    public static Tensor<T> Arange(double end) => Arange(0, end);

    /// <summary>
    /// The numbers start + i·step that lie before <paramref name="end"/>, computed in double precision; ⌈(end − start)/step⌉ of them.
    /// </summary>
    /// <param name="start">The first element.</param>
    /// <param name="end">What the elements do not reach; not on the other side of the start than the step leads to.</param>
    /// <param name="step">The distance from one element to the next, not 0; negative to count down.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the step is 0 or does not lead to the end.</exception>
    /// <exception cref="ArgumentException">There are more elements than a tensor can hold.</exception>
    public static Tensor<T> Arange(double start, double end, double step = 1)
    {
        double count = Math.Ceiling((end - start) / step);
        if (!double.IsFinite(start) || !double.IsFinite(end) || !double.IsFinite(step) || step == 0 || !(count >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(end),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Arange: got the start {start}, the end {end} and the step {step}, expected finite numbers and a step that leads "
                        + $"from the start to the end."));
        }
        if (count > Shape.MaxLength)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"Arange: got {count} elements, expected at most {Shape.MaxLength}."),
                nameof(end));
        }
        Tensor<T> tensor = Uninitialized([(int)count]);
        Span<T> elements = tensor.Output;
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = T.CreateTruncating(start + i * step);
        }
        return tensor;
    }

    /// <summary>
    /// Numbers at equal distances from <paramref name="start"/> to <paramref name="end"/>, both of which are elements: computed in double
    /// precision from the nearer end.
    /// </summary>
    /// <param name="start">The first element.</param>
    /// <param name="end">The last element; may be below the start.</param>
    /// <param name="count">The number of elements; a single one is the start.</param>
    /// <exception cref="ArgumentOutOfRangeException">An end or their distance is not finite, or the count is negative.</exception>
    public static Tensor<T> Linspace(double start, double end, int count)
    {
        if (!double.IsFinite(start) || !double.IsFinite(end) || !double.IsFinite(end - start) || count < 0)
        {
            throw new ArgumentOutOfRangeException(
                count < 0 ? nameof(count) : nameof(start),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Linspace: got {count} elements from {start} to {end}, expected a non-negative count and finite numbers."));
        }
        Tensor<T> tensor = Uninitialized([count]);
        Span<T> elements = tensor.Output;
        double step = count > 1 ? (end - start) / (count - 1) : 0;
        for (int i = 0; i < count; i++)
        {
            elements[i] = T.CreateTruncating(i == 0 || i < count / 2 ? start + i * step : end - (count - 1 - i) * step);
        }
        return tensor;
    }

    /// <summary>Random elements: element i is computed from the key's number i.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="key">The key of the random numbers: the same key gives the same elements.</param>
    /// <param name="distribution">What the elements are drawn from.</param>
    public static Tensor<T> Random(in Shape shape, RandomKey key, Distribution distribution)
    {
        Tensor<T> tensor = Uninitialized(shape);
        distribution.Fill(tensor.Output, key);
        return tensor;
    }

    /// <summary>Random elements uniform on [low, high), rounded to the precision of the elements, which may give high itself.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="key">The key of the random numbers: the same key gives the same elements.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or low is above high.</exception>
    public static Tensor<T> RandomUniform(in Shape shape, RandomKey key, double low = 0, double high = 1) =>
        Random(shape, key, Distribution.Uniform(low, high, nameof(RandomUniform)));

    /// <summary>Random elements from a normal distribution.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="key">The key of the random numbers: the same key gives the same elements.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="standardDeviation">The standard deviation, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter is not finite, or the standard deviation is negative.
    /// </exception>
    public static Tensor<T> RandomNormal(in Shape shape, RandomKey key, double mean = 0, double standardDeviation = 1) =>
        Random(shape, key, Distribution.Normal(mean, standardDeviation, nameof(RandomNormal)));
}
