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
}
