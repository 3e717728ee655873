using System.Numerics;

namespace Engine.Tests;

/// <summary>Numbers for tests, the same each time.</summary>
internal static class Samples
{
    /// <summary>From −1 to 1.</summary>
    public static T[] Uniform<T>(int length, int seed = 1, double from = -1, double to = 1) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Random random = new(seed);
        T[] values = new T[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = T.CreateTruncating(from + random.NextDouble() * (to - from));
        }
        return values;
    }

    /// <summary>Whole numbers from −9 to 9: sums of them are exact in any order, so that a reference in plain loops must agree to the last bit.</summary>
    public static T[] Whole<T>(int length, int seed = 1) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Random random = new(seed);
        T[] values = new T[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = T.CreateTruncating(random.Next(-9, 10));
        }
        return values;
    }
}
