using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Approximates the nearest orthogonal matrix UVᵀ of X = USVᵀ by the iteration X ← aX + (bA + cA²)X with A = XXᵀ, which maps each singular
/// value to as + bs³ + cs⁵. With Jordan's coefficients (3.4445, −4.7750, 2.0315) five rounds bring s from [0.01, 1] to [0.68, 1.14]; with
/// (2, −1.5, 0.5) it converges to 1.
/// </summary>
internal static class NewtonSchulz
{
    /// <summary>Replaces a matrix of <paramref name="rows"/> × <paramref name="columns"/> by its approximation of UVᵀ.</summary>
    public static void Orthogonalize<T>(
        Span<T> x, int rows, int columns, (double A, double B, double C) coefficients, int rounds, double ε, TensorStep<T> memory)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = Math.Min(rows, columns);
        bool tall = rows > columns; // then XᵀX is the smaller product, and multiplies X from the right
        Span<T> a = memory.Scratch(n * n), square = memory.Scratch(n * n), product = memory.Scratch(x.Length);
        Vectors.Scale(x, 1 / (Vectors.Norm<T>(x) + ε));
        for (int round = 0; round < rounds; round++)
        {
            Vectors.Multiply<T>(x, tall, x, !tall, a, n, n, Math.Max(rows, columns));
            Vectors.Multiply<T>(a, false, a, false, square, n, n, n);
            Vectors.Scale(a, coefficients.B);
            Vectors.AddScaled(a, coefficients.C, square);
            if (tall)
            {
                Vectors.Multiply<T>(x, false, a, false, product, rows, n, n);
            }
            else
            {
                Vectors.Multiply<T>(a, false, x, false, product, n, columns, n);
            }
            Vectors.Scale(x, coefficients.A);
            TensorPrimitives.Add(x, product, x);
        }
    }
}
