using System.Globalization;

namespace Engine;

/// <summary>The ε of a normalization, which is added to the variance.</summary>
internal static class NormalizationEpsilon
{
    /// <summary>Throws unless ε ≥ 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative or not a number.</exception>
    public static void Check(double epsilon, string operation)
    {
        if (!(epsilon >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(epsilon),
                string.Create(CultureInfo.InvariantCulture, $"{operation}: got ε = {epsilon}, expected a number that is not negative."));
        }
    }
}
