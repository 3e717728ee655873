using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>Computes the bases in which <see cref="Soap"/> works.</summary>
internal static class Eigenbasis
{
    /// <summary>Computes the eigenvectors Q of S, in the order of falling eigenvalues.</summary>
    public static void Of<T>(ReadOnlySpan<T> S, int n, Span<T> Q, TensorStep<T> memory) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> wide = memory.DoubleScratch(n * n), values = memory.DoubleScratch(n), vectors = memory.DoubleScratch(n * n);
        TensorPrimitives.ConvertTruncating(S, wide);
        SymmetricEigen.Decompose(wide, values, vectors);
        TensorPrimitives.ConvertTruncating<double, T>(vectors, Q);
    }

    /// <summary>
    /// Replaces Q by the orthonormal factor of SQ with its columns in the order of falling qᵀSq, and puts V into that order too: V
    /// consists of <paramref name="outer"/> blocks of n slices of <paramref name="inner"/> elements.
    /// </summary>
    public static void Refresh<T>(ReadOnlySpan<T> S, int n, Span<T> Q, Span<T> V, int inner, int outer, TensorStep<T> memory)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> wide = memory.DoubleScratch(n * n), basis = memory.DoubleScratch(n * n), product = memory.DoubleScratch(n * n);
        Span<double> estimates = memory.DoubleScratch(n), order = memory.DoubleScratch(n);
        TensorPrimitives.ConvertTruncating(S, wide);
        TensorPrimitives.ConvertTruncating<T, double>(Q, basis);
        Vectors.Multiply<double>(wide, false, basis, false, product, n, n, n);
        for (int column = 0; column < n; column++)
        {
            double sum = 0;
            for (int row = 0; row < n; row++)
            {
                sum += basis[row * n + column] * product[row * n + column];
            }
            estimates[column] = sum;
            int place = column;
            for (; place > 0 && estimates[(int)order[place - 1]] < sum; place--)
            {
                order[place] = order[place - 1];
            }
            order[place] = column;
        }
        Span<T> before = memory.Scratch(V.Length);
        V.CopyTo(before);
        for (int place = 0; place < n; place++)
        {
            int from = (int)order[place];
            for (int row = 0; row < n; row++)
            {
                wide[row * n + place] = product[row * n + from];
            }
            for (int block = 0; block < outer; block++)
            {
                Span<T> to = V.Slice((block * n + place) * inner, inner);
                before.Slice((block * n + from) * inner, inner).CopyTo(to);
            }
        }
        HouseholderQr.Orthonormalize(wide, basis, estimates);
        TensorPrimitives.ConvertTruncating<double, T>(basis, Q);
    }
}
