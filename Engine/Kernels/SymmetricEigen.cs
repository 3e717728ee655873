namespace Engine.Kernels;

/// <summary>The eigendecomposition of symmetric matrices, by the cyclic Jacobi method.</summary>
/// <remarks>
/// Golub &amp; Van Loan, Matrix Computations, 4th ed., algorithm 8.4.3. Slower than reduction to tridiagonal form, but short, and it
/// computes small eigenvalues to high relative accuracy. It runs on one thread in one order, so its bits are the same everywhere.
/// </remarks>
internal static class SymmetricEigen
{
    /// <summary>
    /// Off-diagonal elements below this fraction of the largest element are left: rotating them away would change nothing beyond
    /// rounding.
    /// </summary>
    private const double RelativeTolerance = 1e-18;

    /// <summary>A bound that is never reached in practice: convergence is quadratic, so a handful of sweeps suffices.</summary>
    private const int MaxSweeps = 60;

    /// <summary>A = V·diag(λ)·Vᵀ with eigenvalues in descending order and eigenvectors in the columns of V.</summary>
    /// <param name="a">n×n, row-major, symmetric; overwritten.</param>
    /// <param name="values">λ, n of them.</param>
    /// <param name="vectors">V, n×n.</param>
    public static void Decompose(Span<double> a, Span<double> values, Span<double> vectors)
    {
        int n = values.Length;
        Guard.SameLength(n * n, a.Length, vectors.Length);
        vectors.Clear();
        double largest = 0;
        for (int i = 0; i < n; i++)
        {
            vectors[i * n + i] = 1;
        }
        foreach (double element in a)
        {
            largest = Math.Max(largest, Math.Abs(element));
        }
        bool rotated = largest > 0 && double.IsFinite(largest);
        for (int sweep = 0; rotated && sweep < MaxSweeps; sweep++)
        {
            rotated = false;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p * n + q]) > RelativeTolerance * largest)
                    {
                        Rotate(a, vectors, n, p, q);
                        rotated = true;
                    }
                }
            }
        }
        for (int i = 0; i < n; i++)
        {
            values[i] = a[i * n + i];
        }
        Sort(values, vectors);
    }

    /// <summary>Rotates rows and columns p and q so that a[p, q] becomes zero, by the smaller of the two angles.</summary>
    private static void Rotate(Span<double> a, Span<double> vectors, int n, int p, int q)
    {
        double pq = a[p * n + q], τ = (a[q * n + q] - a[p * n + p]) / (2 * pq);
        double t = double.IsInfinity(τ) ? 0 : (τ >= 0 ? 1 : -1) / (Math.Abs(τ) + Math.Sqrt(1 + (τ * τ)));
        double c = 1 / Math.Sqrt(1 + (t * t)), s = t * c;
        for (int i = 0; i < n; i++)
        {
            Turn(ref a[i * n + p], ref a[i * n + q]);
            Turn(ref vectors[i * n + p], ref vectors[i * n + q]);
        }
        for (int i = 0; i < n; i++)
        {
            Turn(ref a[p * n + i], ref a[q * n + i]);
        }
        a[p * n + q] = a[q * n + p] = 0;

        void Turn(ref double x, ref double y) => (x, y) = ((c * x) - (s * y), (s * x) + (c * y));
    }

    private static void Sort(Span<double> values, Span<double> vectors)
    {
        int n = values.Length;
        for (int i = 0; i < n; i++)
        {
            int largest = i;
            for (int j = i + 1; j < n; j++)
            {
                largest = values[j] > values[largest] ? j : largest;
            }
            if (largest != i)
            {
                (values[i], values[largest]) = (values[largest], values[i]);
                for (int row = 0; row < n; row++)
                {
                    (vectors[row * n + i], vectors[row * n + largest]) = (vectors[row * n + largest], vectors[row * n + i]);
                }
            }
        }
    }
}
