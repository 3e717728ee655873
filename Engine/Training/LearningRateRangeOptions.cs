using System.Globalization;

namespace Engine;

/// <summary>What a <see cref="LearningRateRangeTest"/> tries.</summary>
public sealed record LearningRateRangeOptions
{
    /// <summary>The smallest rate, above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not a positive number.</exception>
    public double From
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw OutOfRange(nameof(From), value, "a positive number");
    } = 1e-7;

    /// <summary>The largest rate, above <see cref="From"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not a positive number.</exception>
    public double To
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw OutOfRange(nameof(To), value, "a positive number");
    } = 10;

    /// <summary>The number of updates, at least 3; each multiplies the rate by the same factor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 3.</exception>
    public int Updates
    {
        get;
        init => field = value >= 3 ? value : throw OutOfRange(nameof(Updates), value, "at least 3");
    } = 100;

    /// <summary>β in [0, 1): the decay of the exponential moving average of the loss; 0 disables the smoothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">β is outside its range.</exception>
    public double Smoothing
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw OutOfRange(nameof(Smoothing), value, "a number in [0, 1)");
    } = 0.98;

    /// <summary>The test ends at a smoothed loss of more than this many times the smallest, above 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a number above 1.</exception>
    public double Divergence
    {
        get;
        init => field = value > 1 ? value : throw OutOfRange(nameof(Divergence), value, "a number above 1");
    } = 4;

    /// <summary>Checks what one property alone does not show.</summary>
    /// <exception cref="ArgumentException">The rates do not rise.</exception>
    internal void Check(string argument)
    {
        if (To <= From)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"LearningRateRangeTest: got the rates {From} to {To}, expected rising ones."), argument);
        }
    }

    private static ArgumentOutOfRangeException OutOfRange(string name, double value, string expected) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"LearningRateRangeTest: got {name} = {value}, expected {expected}."));
}
