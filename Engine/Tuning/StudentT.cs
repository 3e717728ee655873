namespace Engine;

/// <summary>Student's t-distribution.</summary>
internal static class StudentT
{
    private const int Bisections = 80; // more than the 53 bits of a double

    /// <summary>The number t for which a variable with ν degrees of freedom is in [−t, t] with the given probability.</summary>
    /// <param name="probability">Above 0 and below 1.</param>
    /// <param name="ν">The degrees of freedom, at least 1.</param>
    public static double Quantile(double probability, int ν)
    {
        double low = 0, high = 1;
        while (Central(high, ν) < probability)
        {
            (low, high) = (high, 2 * high);
        }
        for (int i = 0; i < Bisections; i++)
        {
            double middle = low + (high - low) / 2;
            (low, high) = Central(middle, ν) < probability ? (middle, high) : (low, middle);
        }
        return high;
    }

    /// <summary>
    /// P(|x| ≤ t), a finite sum in θ = arctan(t/√ν): Abramowitz &amp; Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    /// </summary>
    private static double Central(double t, int ν)
    {
        double cos = 1 / Math.Sqrt(1 + t * t / ν), sin = t / Math.Sqrt(ν) * cos;
        bool isOdd = ν % 2 == 1;
        double sum = 0, term = isOdd ? cos : 1;
        for (int k = isOdd ? 1 : 0; k <= ν - 2; k += 2)
        {
            sum += term;
            term *= cos * cos * (k + 1) / (k + 2);
        }
        return isOdd ? 2 / Math.PI * (Scalar<double>.Atan(t / Math.Sqrt(ν)).Value + sin * sum) : sin * sum;
    }
}
