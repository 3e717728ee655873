using Engine.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Engine.Tests.Kernels;

public sealed class DecompositionTests
{
    /// <summary>
    /// Catches a rotation by the wrong angle, eigenvectors in rows, eigenvalues out of order; ranks from 0 up, with many equal
    /// eigenvalues.
    /// </summary>
    [Test]
    public void Eigenvectors_and_eigenvalues_rebuild_the_matrix([Values(1, 2, 5, 24)] int n, [Values(0, 1, 3, 24)] int rank)
    {
        Random random = new(n + (100 * rank));
        Matrix<double> factor = Matrix<double>.Build.Dense(n, Math.Max(1, rank), (_, _) => rank == 0 ? 0 : random.NextDouble() - 0.5);
        Matrix<double> a = factor * factor.Transpose();
        double[] values = new double[n], vectors = new double[n * n];
        SymmetricEigen.Decompose(a.ToRowMajorArray(), values, vectors);
        Matrix<double> v = Matrix<double>.Build.DenseOfRowMajor(n, n, vectors);
        Assert.That(values, Is.Ordered.Descending);
        Matrix<double> diagonal = Matrix<double>.Build.DenseOfDiagonalArray(values);
        Assert.That(((v * diagonal * v.Transpose()) - a).InfinityNorm(), Is.LessThan(1e-14 * n));
        Assert.That(((v.Transpose() * v) - Matrix<double>.Build.DenseIdentity(n)).InfinityNorm(), Is.LessThan(1e-14 * n));
        IEnumerable<double> expected = a.Evd(Symmetricity.Symmetric).EigenValues.Select(z => z.Real).OrderDescending();
        Assert.That(values, Is.EqualTo(expected).Within(1e-14 * n));
    }

    /// <summary>Catches small eigenvalues lost beside large ones, which an inverse root would amplify.</summary>
    [Test]
    public void Small_eigenvalues_are_accurate_beside_large_ones()
    {
        double[] values = new double[2];
        SymmetricEigen.Decompose([1e10, 1e-3, 1e-3, 1e-10], values, new double[4]);
        Assert.That(values[0], Is.EqualTo(1e10).Within(1e-13).Percent);
        Assert.That(values[1], Is.EqualTo(1e-10 - 1e-16).Within(1e-10).Percent);
    }

    /// <summary>Catches sweeps that never end.</summary>
    [Test]
    public void A_matrix_with_NaN_terminates()
    {
        double[] values = new double[3];
        SymmetricEigen.Decompose([double.NaN, 1, 2, 1, 3, 4, 2, 4, 5], values, new double[9]);
        Assert.That(values, Has.Some.NaN);
    }

    /// <summary>Catches a reflection of the wrong sign or scale, and columns that are not orthogonal if the rank is low.</summary>
    [Test]
    public void Householder_gives_an_orthogonal_factor([Values(1, 2, 7, 24)] int n, [Values(0, 1, 2, 24)] int rank)
    {
        Random random = new(n + (100 * rank));
        Matrix<double> left = Matrix<double>.Build.Dense(n, Math.Max(1, rank), (_, _) => rank == 0 ? 0 : random.NextDouble() - 0.5);
        Matrix<double> a = left * Matrix<double>.Build.Dense(Math.Max(1, rank), n, (_, _) => random.NextDouble() - 0.5);
        double[] q = new double[n * n];
        HouseholderQr.Orthonormalize(a.ToRowMajorArray(), q, new double[n]);
        Matrix<double> orthogonal = Matrix<double>.Build.DenseOfRowMajor(n, n, q), r = orthogonal.Transpose() * a;
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(n);
        Assert.That(((orthogonal.Transpose() * orthogonal) - identity).InfinityNorm(), Is.LessThan(1e-14 * n));
        Assert.That((r - r.UpperTriangle()).InfinityNorm(), Is.LessThan(1e-14 * n));
    }
}
