using System.Numerics;

namespace Engine.Tests;

/// <summary>Closeness to numbers of other programs.</summary>
internal static class Closeness
{
    /// <summary>1e-12 for double and 1e-5 for float, in proportion to the largest expected element.</summary>
    public static void Check<T>(in Tensor<T> actual, in Tensor<T> expected, string what) where T : unmanaged, IFloatingPointIeee754<T> =>
        Check(actual, expected, typeof(T) == typeof(float) ? 1e-5 : 1e-12, what);

    /// <summary>Equal shapes, and differences up to <paramref name="tolerance"/> times the largest expected element.</summary>
    public static void Check<T>(in Tensor<T> actual, in Tensor<T> expected, double tolerance, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        double[] a = Doubles(actual), e = Doubles(expected);
        double scale = e.Length == 0 ? 0 : e.Max(Math.Abs);
        for (int i = 0; i < a.Length; i++)
        {
            Assert.That(a[i], Is.EqualTo(e[i]).Within(tolerance * scale), $"{what}, element {i}");
        }
    }

    /// <summary>The elements as double.</summary>
    public static double[] Doubles<T>(in Tensor<T> tensor)
        where T : unmanaged, IFloatingPointIeee754<T> => Array.ConvertAll(tensor.ToArray(), double.CreateTruncating);
}
