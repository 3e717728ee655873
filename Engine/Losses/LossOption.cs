using System.Globalization;

namespace Engine;

/// <summary>The check of a loss's numbers, such as a margin.</summary>
internal static class LossOption
{
    /// <summary>Throws unless the value is valid.</summary>
    public static void Require(bool isValid, string loss, string name, double value, string expected)
    {
        if (!isValid)
        {
            throw new ArgumentOutOfRangeException(
                name, string.Create(CultureInfo.InvariantCulture, $"{loss}: got {name} = {value}, expected {expected}."));
        }
    }

    /// <summary>Throws unless the value is finite and not negative.</summary>
    public static void RequireNotNegative(string loss, string name, double value) =>
        Require(double.IsFinite(value) && value >= 0, loss, name, value, "a finite non-negative number");

    /// <summary>Throws unless the value is finite and above zero.</summary>
    public static void RequirePositive(string loss, string name, double value) =>
        Require(double.IsFinite(value) && value > 0, loss, name, value, "a finite number above 0");

    /// <summary>Throws unless the value is finite.</summary>
    public static void RequireFinite(string loss, string name, double value) =>
        Require(double.IsFinite(value), loss, name, value, "a finite number");
}
