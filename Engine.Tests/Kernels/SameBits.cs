using System.Numerics;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Equality of every bit, so that −0 is not 0. Only NaN is like NaN: no machine promises the sign and payload of one that arithmetic made.</summary>
internal static class SameBits
{
    /// <summary>Fails at the first element that differs.</summary>
    public static void Check<T>(ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, string what) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (actual.Length != expected.Length)
        {
            Assert.Fail($"{what}: {actual.Length} elements, expected {expected.Length}.");
        }
        for (int i = 0; i < actual.Length; i++)
        {
            if (!Are(actual[i], expected[i]))
            {
                Assert.Fail(FormattableString.Invariant($"{what}: element {i} of {actual.Length} is {actual[i]:R}, expected {expected[i]:R}."));
            }
        }
    }

    /// <summary>Whether two numbers are the same.</summary>
    public static bool Are<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> =>
        T.IsNaN(a) ? T.IsNaN(b) : Bits(a) == Bits(b);

    private static long Bits<T>(T value) where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? BitConverter.SingleToInt32Bits(float.CreateTruncating(value)) : BitConverter.DoubleToInt64Bits(double.CreateTruncating(value));
}
