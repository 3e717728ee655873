using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Matrices whose elements are not independent of each other.</summary>
internal static class RandomMatrix
{
    /// <summary>The gain on the diagonal, 0 elsewhere.</summary>
    public static void Identity<T>(Span<T> values, int columns, double gain) where T : unmanaged, IFloatingPointIeee754<T>
    {
        values.Clear();
        for (int i = 0; i < columns && i * (columns + 1L) < values.Length; i++)
        {
            values[i * (columns + 1)] = T.CreateTruncating(gain);
        }
    }

    /// <summary>
    /// The gain times orthonormal rows, or columns if there are fewer columns, uniform among all of them: from the QR decomposition of a
    /// matrix of standard normal numbers.
    /// </summary>
    public static void Orthogonal<T>(Span<T> values, int rows, int columns, double gain, RandomKey key)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int few = Math.Min(rows, columns), many = Math.Max(rows, columns);
        double[] gaussian = new double[few * many], orthonormal = new double[few * many];
        key.FillNormal<double>(gaussian);
        HouseholderQr.OrthonormalizeRows(gaussian, orthonormal, new double[2 * few]);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double element = orthonormal[rows <= columns ? row * many + column : column * many + row];
                values[row * columns + column] = T.CreateTruncating(gain * element);
            }
        }
    }

    /// <summary>Normal numbers with mean 0, and zeros at random places of each column, all choices of places equally likely.</summary>
    public static void Sparse<T>(Span<T> values, int rows, int columns, double standardDeviation, int zeros, RandomKey key)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        key.FillNormal(values, 0, standardDeviation);
        RandomKey places = key.Fold("zeros");
        int[] order = new int[rows];
        for (int column = 0; column < columns; column++)
        {
            places.Fold(column).Permute(order);
            foreach (int row in order.AsSpan(0, zeros))
            {
                values[row * columns + column] = T.Zero;
            }
        }
    }
}
