using Engine.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Engine.Tests.Kernels;

public sealed class MatrixFunctionTests
{
    /// <summary>Catches: a rotation by the wrong angle, vectors in rows instead of columns, values out of order; with ranks from 0 up, and many equal eigenvalues.</summary>
    [Test]
    public void EigenvectorsRebuildTheMatrix([Values(1, 2, 5, 24)] int n, [Values(0, 1, 3, 24)] int rank)
    {
        Random random = new(n + (100 * rank));
        Matrix<double> factor = Matrix<double>.Build.Dense(n, Math.Max(1, rank), (_, _) => rank == 0 ? 0 : random.NextDouble() - 0.5), a = factor * factor.Transpose();
        double[] values = new double[n], vectors = new double[n * n];
        SymmetricEigen.Decompose(a.ToRowMajorArray(), values, vectors);
        Matrix<double> v = Matrix<double>.Build.DenseOfRowMajor(n, n, vectors);
        Assert.That(values, Is.Ordered.Descending);
        Assert.That(((v * Matrix<double>.Build.DenseOfDiagonalArray(values) * v.Transpose()) - a).InfinityNorm(), Is.LessThan(1e-14 * n));
        Assert.That(((v.Transpose() * v) - Matrix<double>.Build.DenseIdentity(n)).InfinityNorm(), Is.LessThan(1e-14 * n));
        Assert.That(values, Is.EqualTo(a.Evd(Symmetricity.Symmetric).EigenValues.Select(z => z.Real).OrderDescending()).Within(1e-14 * n));
    }

    /// <summary>Catches: small eigenvalues lost beside large ones, which the inverse root then blows up.</summary>
    [Test]
    public void SmallEigenvaluesAreExactToo()
    {
        double[] values = new double[2];
        SymmetricEigen.Decompose([1e10, 1e-3, 1e-3, 1e-10], values, new double[4]);
        Assert.That(values[0], Is.EqualTo(1e10).Within(1e-13).Percent);
        Assert.That(values[1], Is.EqualTo(1e-10 - 1e-16).Within(1e-10).Percent);
    }

    /// <summary>Catches: a matrix with NaN that turns for ever.</summary>
    [Test]
    public void NaNEnds()
    {
        double[] values = new double[3];
        SymmetricEigen.Decompose([double.NaN, 1, 2, 1, 3, 4, 2, 4, 5], values, new double[9]);
        Assert.That(values, Has.Some.NaN);
    }

    /// <summary>Catches: a reflection with the wrong sign or scale, columns that are not orthogonal where the rank is low.</summary>
    [Test]
    public void HouseholderGivesAnOrthogonalFactor([Values(1, 2, 7, 24)] int n, [Values(0, 1, 2, 24)] int rank)
    {
        Random random = new(n + (100 * rank));
        Matrix<double> a = Matrix<double>.Build.Dense(n, Math.Max(1, rank), (_, _) => rank == 0 ? 0 : random.NextDouble() - 0.5) * Matrix<double>.Build.Dense(Math.Max(1, rank), n, (_, _) => random.NextDouble() - 0.5);
        double[] q = new double[n * n];
        HouseholderQr.Orthonormalize(a.ToRowMajorArray(), q, new double[n]);
        Matrix<double> orthogonal = Matrix<double>.Build.DenseOfRowMajor(n, n, q), r = orthogonal.Transpose() * a;
        Assert.That(((orthogonal.Transpose() * orthogonal) - Matrix<double>.Build.DenseIdentity(n)).InfinityNorm(), Is.LessThan(1e-14 * n));
        Assert.That((r - r.UpperTriangle()).InfinityNorm(), Is.LessThan(1e-14 * n));
    }
}
