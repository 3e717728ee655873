using System.Numerics.Tensors;

namespace Engine.Kernels;

/// <summary>The orthogonal factor of a QR decomposition, by Householder reflections.</summary>
/// <remarks>
/// Golub &amp; Van Loan, Matrix Computations, 4th ed., algorithm 5.2.1. Q is orthogonal to rounding whatever the rank of A.
/// </remarks>
internal static class HouseholderQr
{
    /// <summary>Q of A = QR.</summary>
    /// <param name="a">n×n, row-major; overwritten with the reflections.</param>
    /// <param name="q">Q, n×n.</param>
    /// <param name="w">A work array of n elements.</param>
    public static void Orthonormalize(Span<double> a, Span<double> q, Span<double> w)
    {
        int n = w.Length;
        Guard.SameLength(n * n, a.Length, q.Length);
        q.Clear();
        for (int i = 0; i < n; i++)
        {
            q[i * n + i] = 1;
        }
        for (int k = 0; k < n - 1; k++)
        {
            double squares = 0;
            for (int i = k; i < n; i++)
            {
                squares += a[i * n + k] * a[i * n + k];
            }
            double length = Math.Sqrt(squares), first = a[k * n + k];
            if (length == 0)
            {
                continue;
            }
            // v = x ± |x|e₁, and scale = |v|²/2
            double pivot = first + (first >= 0 ? length : -length), scale = squares + (Math.Abs(first) * length);
            w[k] = pivot;
            for (int i = k + 1; i < n; i++)
            {
                w[i] = a[i * n + k];
            }
            for (int column = k; column < n; column++)
            {
                double sum = 0;
                for (int i = k; i < n; i++)
                {
                    sum += w[i] * a[i * n + column];
                }
                for (int i = k; i < n; i++)
                {
                    a[i * n + column] -= sum / scale * w[i];
                }
            }
            for (int row = 0; row < n; row++) // Q ← Q(I − vvᵀ/scale)
            {
                double sum = 0;
                for (int i = k; i < n; i++)
                {
                    sum += q[row * n + i] * w[i];
                }
                for (int i = k; i < n; i++)
                {
                    q[row * n + i] -= sum / scale * w[i];
                }
            }
        }
    }

    /// <summary>
    /// The rows of a matrix as an orthonormal set: Qᵀ of the thin decomposition Aᵀ = QR whose R has a positive diagonal, which makes it
    /// unique. Of a Gaussian A the rows are then uniform among all orthonormal sets (F. Mezzadri: How to generate random matrices from the
    /// classical compact groups, 2007).
    /// </summary>
    /// <param name="a">A, row-major, with at most as many rows as columns; overwritten with the reflections.</param>
    /// <param name="q">Qᵀ, of the same size.</param>
    /// <param name="w">A work array of 2·rows elements.</param>
    public static void OrthonormalizeRows(Span<double> a, Span<double> q, Span<double> w)
    {
        int rows = w.Length / 2, columns = rows == 0 ? 0 : a.Length / rows;
        Guard.SameLength(rows * columns, a.Length, q.Length);
        Span<double> diagonal = w[..rows], scales = w[rows..];
        q.Clear();
        for (int k = 0; k < rows; k++)
        {
            Span<double> v = a.Slice(k * columns + k, columns - k);
            double squares = Reduction.Dot<double>(v, v), length = Math.Sqrt(squares), first = v[0];
            bool isReflected = v.Length > 1 && length > 0;
            diagonal[k] = isReflected ? (first >= 0 ? -length : length) : first;
            scales[k] = isReflected ? squares + Math.Abs(first) * length : 0; // |v|²/2
            v[0] = first - diagonal[k];
            for (int row = k + 1; row < rows; row++)
            {
                Reflect(v, scales[k], a.Slice(row * columns + k, columns - k));
            }
            q[k * columns + k] = 1;
        }
        for (int k = rows - 1; k >= 0; k--) // row j of Qᵀ is H₀H₁ … Hⱼeⱼ: the later reflections leave eⱼ as it is
        {
            for (int row = k; row < rows; row++)
            {
                Reflect(a.Slice(k * columns + k, columns - k), scales[k], q.Slice(row * columns + k, columns - k));
            }
        }
        for (int k = 0; k < rows; k++)
        {
            Span<double> row = q.Slice(k * columns, columns);
            if (diagonal[k] < 0)
            {
                TensorPrimitives.Negate(row, row);
            }
        }
    }

    /// <summary>y ← y − v·(v·y)/scale; nothing where the scale is 0.</summary>
    private static void Reflect(ReadOnlySpan<double> v, double scale, Span<double> y)
    {
        if (scale != 0)
        {
            TensorPrimitives.MultiplyAdd(v, -Reduction.Dot<double>(v, y) / scale, y, y);
        }
    }
}
