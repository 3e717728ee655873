using System.Numerics;

namespace Engine.Tests;

/// <summary>The documented order of summation in plain loops: the bits that every lane and every number of threads must give.</summary>
internal static class CanonicalSum
{
    /// <summary>
    /// A vector: blocks of 4,096 with 64 running sums each, which are added in halves; the sums of the blocks are added in pairs.
    /// </summary>
    public static T OfVector<T>(ReadOnlySpan<T> terms) where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<T> sums = [];
        for (int start = 0; start < Math.Max(1, terms.Length); start += 4096)
        {
            sums.Add(Block(terms[start..Math.Min(terms.Length, start + 4096)]));
        }
        return OfPairs(sums);
    }

    /// <summary>A column: blocks of 128 rows, each added one row after the other; the sums of the blocks are added in pairs.</summary>
    public static T OfColumn<T>(ReadOnlySpan<T> terms) where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<T> sums = [];
        for (int start = 0; start < Math.Max(1, terms.Length); start += 128)
        {
            T sum = T.Zero;
            for (int i = start; i < Math.Min(terms.Length, start + 128); i++)
            {
                sum += terms[i];
            }
            sums.Add(sum);
        }
        return OfPairs(sums);
    }

    private static T OfPairs<T>(List<T> sums) where T : unmanaged, IFloatingPointIeee754<T>
    {
        while (sums.Count > 1)
        {
            List<T> pairs = [];
            for (int i = 0; i < sums.Count; i += 2)
            {
                pairs.Add(i + 1 < sums.Count ? sums[i] + sums[i + 1] : sums[i]);
            }
            sums = pairs;
        }
        return sums[0];
    }

    private static T Block<T>(ReadOnlySpan<T> terms) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] sums = new T[64];
        for (int i = 0; i < terms.Length; i++)
        {
            sums[i % 64] += terms[i];
        }
        for (int width = 32; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
            {
                sums[i] += sums[i + width];
            }
        }
        return sums[0];
    }
}
