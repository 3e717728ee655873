using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>Computes powers of symmetric positive matrices.</summary>
internal static class MatrixRoot
{
    /// <summary>Adds <paramref name="ε"/> to each element of the diagonal.</summary>
    public static void AddToDiagonal<T>(Span<T> a, int n, double ε) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            a[i * n + i] += T.CreateTruncating(ε);
        }
    }

    /// <summary>Computes Aᵖ = V·diag(λᵖ)·Vᵀ of A = V·diag(λ)·Vᵀ, in double precision.</summary>
    public static void Power<T>(ReadOnlySpan<T> a, int n, double p, Span<T> result, TensorStep<T> memory)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> wide = memory.DoubleScratch(n * n), values = memory.DoubleScratch(n);
        Span<double> vectors = memory.DoubleScratch(n * n), scaled = memory.DoubleScratch(n * n);
        TensorPrimitives.ConvertTruncating(a, wide);
        SymmetricEigen.Decompose(wide, values, vectors);
        double minimum = values[0] * 1e-16; // rounding may leave an eigenvalue of zero below zero
        for (int i = 0; i < n; i++)
        {
            values[i] = Engine.Power.Of(Math.Max(values[i], minimum), p);
        }
        for (int row = 0; row < n; row++)
        {
            TensorPrimitives.Multiply(vectors.Slice(row * n, n), values, scaled.Slice(row * n, n));
        }
        Vectors.Multiply<double>(scaled, false, vectors, true, wide, n, n, n);
        TensorPrimitives.ConvertTruncating<double, T>(wide, result);
    }
}
