using System.Numerics;

namespace Engine;

/// <summary>The lower or upper triangle of matrices: y = x there, and 0 elsewhere, whatever x is.</summary>
public static class TriangleOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The elements [i, j] of the last two axes with j ≤ i + diagonal; the others are 0.</summary>
        /// <param name="diagonal">0 for the main diagonal, 1 for the one above it, −1 for the one below.</param>
        /// <exception cref="ArgumentException">x has fewer than two axes.</exception>
        public Tensor<T> LowerTriangle(int diagonal = 0) => Select(x, diagonal, isLower: true, nameof(LowerTriangle));

        /// <summary>The elements [i, j] of the last two axes with j ≥ i + diagonal; the others are 0.</summary>
        /// <param name="diagonal">0 for the main diagonal, 1 for the one above it, −1 for the one below.</param>
        /// <exception cref="ArgumentException">x has fewer than two axes.</exception>
        public Tensor<T> UpperTriangle(int diagonal = 0) => Select(x, diagonal, isLower: false, nameof(UpperTriangle));
    }

    private static Tensor<T> Select<T>(in Tensor<T> x, int diagonal, bool isLower, string operation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Shape.Rank < 2)
        {
            throw new ArgumentException($"{operation}: got the shape {x.Shape}, expected at least two axes.", nameof(x));
        }
        int rows = x.Shape[-2], columns = x.Shape[-1];
        Tensor<T> mask = Tape<T>.Allocate([rows, columns], out Span<T> elements), zero = Pairwise.Constant<T>(0);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                long above = (long)j - i - diagonal;
                elements[i * columns + j] = (isLower ? above <= 0 : above >= 0) ? T.One : T.Zero;
            }
        }
        return Tensor<T>.WhereGreater(mask, zero, x, zero);
    }
}
