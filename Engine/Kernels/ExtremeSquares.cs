namespace Engine.Kernels;

/// <summary>Which sums of squares of doubles are exact, and the scale at which those of other numbers are.</summary>
internal static class ExtremeSquares
{
    /// <summary>The power of two 2⁶⁰⁰, which brings the largest and the smallest doubles to a size whose squares can be summed.</summary>
    public const double Scale = 4.149515568880993e180;

    /// <summary>Sums of squares below this may have lost digits, or all of them, to underflow.</summary>
    private const double SmallestSum = 1.2e-271;

    /// <summary>Whether neither overflow nor underflow has spoiled a sum of squares.</summary>
    public static bool IsExact(double sumOfSquares) => sumOfSquares is >= SmallestSum and <= double.MaxValue;
}
