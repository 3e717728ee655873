using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>Comparison of whole tensors that names the worst element.</summary>
internal static class Compare
{
    /// <summary>|actual − expected| ≤ tolerance · max(1, |expected|) for every element.</summary>
    public static void Close<T>(Tensor<T> actual, Tensor<double> expected, double tolerance, string what) where T : unmanaged,
        IFloatingPointIeee754<T>
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        double worst = 0;
        int at = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double a = double.CreateTruncating(actual.Span[i]), e = expected.Span[i];
            double error = double.IsNaN(a) && double.IsNaN(e) ? 0 : double.IsNaN(a - e) ? double.PositiveInfinity
                : Math.Abs(a - e) / Math.Max(1, Math.Abs(e));
            (worst, at) = error > worst ? (error, i) : (worst, at);
        }
        Assert.That(worst, Is.LessThanOrEqualTo(tolerance), () =>
            $"{what}, element {at}: got {actual.Span[at]:R}, expected {expected.Span[at]:R}");
    }
}
