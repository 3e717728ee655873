using System.Numerics;

namespace Engine.Tests;

/// <summary>Pseudo-random numbers for tests, the same on every run.</summary>
internal static class Samples
{
    /// <summary>Uniform numbers.</summary>
    public static T[] Uniform<T>(int length, int seed = 1, double from = -1, double to = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Random random = new(seed);
        T[] values = new T[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = T.CreateTruncating(from + random.NextDouble() * (to - from));
        }
        return values;
    }

    /// <summary>Integers from −9 to 9, whose sums are exact in any order, so that a plain loop gives the same bits.</summary>
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
