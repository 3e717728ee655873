namespace Engine.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of symmetric matrices by Jacobi's rotations, row by row (Golub &amp; Van Loan, Matrix Computations, 4th ed., algorithm 8.4.3): slower than reduction to
/// tridiagonal form, but short, and small eigenvalues come out as exactly as large ones. One thread and one order: the same bits everywhere.
/// </summary>
internal static class Symmetric
{
    /// <summary>Rotations that would change nothing beyond rounding are left out; a handful of sweeps suffices, since convergence is quadratic.</summary>
    private const double Negligible = 1e-18;

    private const int MostSweeps = 60;

    /// <summary>A = V·diag(λ)·Vᵀ, eigenvalues falling, eigenvectors in the columns of V.</summary>
    /// <param name="a">n×n, row-major, symmetric; overwritten.</param>
    /// <param name="values">λ, n of them.</param>
    /// <param name="vectors">V, n×n.</param>
    public static void Decompose(Span<double> a, Span<double> values, Span<double> vectors)
    {
        int n = values.Length;
        Guard.SameLength(n * n, a.Length, vectors.Length);
        vectors.Clear();
        double size = 0;
        for (int i = 0; i < n; i++)
        {
            vectors[i * n + i] = 1;
        }
        foreach (double element in a)
        {
            size = Math.Max(size, Math.Abs(element));
        }
        bool rotated = size > 0 && double.IsFinite(size);
        for (int sweep = 0; rotated && sweep < MostSweeps; sweep++)
        {
            rotated = false;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p * n + q]) > Negligible * size)
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

    /// <summary>The rotation of rows and columns p and q that makes a[p, q] zero; the smaller of the two angles.</summary>
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
