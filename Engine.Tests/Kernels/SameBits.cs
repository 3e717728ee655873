using System.Numerics;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Bitwise equality, so that −0 differs from 0.</summary>
/// <remarks>All NaNs are equal: machines differ in the sign and payload of a NaN that arithmetic produces.</remarks>
internal static class SameBits
{
    /// <summary>Fails at the first element that differs.</summary>
    public static void Check<T>(ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (actual.Length != expected.Length)
        {
            Assert.Fail($"{what}: {actual.Length} elements, expected {expected.Length}.");
        }
        for (int i = 0; i < actual.Length; i++)
        {
            if (!Are(actual[i], expected[i]))
            {
                FormattableString message = $"{what}: element {i} of {actual.Length} is {actual[i]:R}, expected {expected[i]:R}.";
                Assert.Fail(FormattableString.Invariant(message));
            }
        }
    }

    /// <summary>Whether two numbers have the same bits.</summary>
    public static bool Are<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> =>
        T.IsNaN(a) ? T.IsNaN(b) : Bits(a) == Bits(b);

    private static long Bits<T>(T value) where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? BitConverter.SingleToInt32Bits(float.CreateTruncating(value))
            : BitConverter.DoubleToInt64Bits(double.CreateTruncating(value));
}
