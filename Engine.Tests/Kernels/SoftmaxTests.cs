using System.Numerics;
using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Softmax and its logarithm along an axis.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class SoftmaxTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly double s_epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>
    /// Compares bit for bit with the formula in plain loops: catches another order of summation, padding that is added, rows mixed up by
    /// threads.
    /// </summary>
    [TestCase(1, 1, 1)]
    [TestCase(3, 7, 1)]
    [TestCase(2, 65, 1)]
    [TestCase(5, 300, 1)]
    [TestCase(700, 100, 1)]
    [TestCase(2, 5000, 1)]
    [TestCase(1, 9, 4)]
    [TestCase(3, 130, 37)]
    [TestCase(30, 40, 50)]
    [TestCase(1, 300, 150)]
    [Category("Slow")]
    public void Forward_and_backward_pass_are_the_formula_in_the_documented_order_for_all_thread_counts(int outer, int n, int inner)
    {
        T[] x = Samples.Uniform<T>(outer * n * inner, 3, -5, 5), g = Samples.Uniform<T>(x.Length, 4);
        T[] y = new T[x.Length], dx = new T[x.Length];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int[] at = [.. Enumerable.Range(0, n).Select(row => (o * n + row) * inner + i)];
                Func<T[], T> sum = inner == 1
                    ? static terms => CanonicalSum.OfVector<T>(terms)
                    : static terms => CanonicalSum.OfColumn<T>(terms);
                T max = at.Max(j => x[j]), total = Scalar<T>.Log(new(sum([.. at.Select(j => Exp(x[j] - max))]))).Value;
                T sumOfG = sum([.. at.Select(j => g[j])]);
                foreach (int j in at)
                {
                    y[j] = x[j] - max - total;
                    dx[j] = g[j] - Exp(y[j]) * sumOfG;
                }
            }
        }
        foreach (int threads in (int[])[1, 2, 7])
        {
            using Threads set = Threads.Set(threads);
            Parameter<T> p = new("x", Tensor<T>.From(x, [outer, n, inner]));
            Tape<T> tape = new();
            using (tape.Record())
            {
                Tensor<T> result = p.Value.LogSoftmax(axis: 1);
                SameBits.Check(result.Span, y, $"{threads} threads");
                tape.Backward(result, Tensor<T>.From(g, p.Shape));
            }
            SameBits.Check(p.Gradient.Span, dx, $"backward, {threads} threads");
        }
    }

    [Test]
    public void Softmax_sums_to_one_and_is_the_exponential_of_log_softmax([Values(0, 1, 2)] int axis)
    {
        Tensor<T> x = Tensor<T>.From(Samples.Uniform<T>(5 * 33 * 18, 8, -8, 8), [5, 33, 18]);
        Tensor<T> y = x.Softmax(axis), logarithm = x.LogSoftmax(axis);
        foreach (T sum in y.Sum(axis).Span)
        {
            Assert.That(double.CreateTruncating(sum), Is.EqualTo(1).Within(10 * s_epsilon));
        }
        for (int i = 0; i < y.Length; i++)
        {
            double expected = Math.Exp(double.CreateTruncating(logarithm.Span[i]));
            Assert.That(double.CreateTruncating(y.Span[i]), Is.EqualTo(expected).Within(20 * s_epsilon));
        }
    }

    /// <summary>
    /// Catches ln(softmax(x)), which would be −∞ here, e^x, which would be ∞, and adding the logarithm to the maximum, which loses
    /// digits.
    /// </summary>
    [Test]
    public void Large_differences_keep_their_digits()
    {
        T large = T.CreateTruncating(20_000), small = T.CreateTruncating(19_000);
        Tensor<T> y = Tensor<T>.From([large, large, small]).LogSoftmax();
        Assert.That(double.CreateTruncating(y[0]), Is.EqualTo(-Math.Log(2)).Within(2 * s_epsilon));
        Assert.That(double.CreateTruncating(y[2]), Is.EqualTo(-1000 - Math.Log(2)).Within(1000 * s_epsilon));
    }

    /// <summary>
    /// −∞ masks an element; a row of −∞ alone, or with ∞ or NaN, is undefined and becomes NaN, without affecting other rows.
    /// </summary>
    [Test]
    public void Infinities_and_NaN()
    {
        T low = T.NegativeInfinity, one = T.One, half = T.CreateTruncating(0.5), none = T.NaN;
        Tensor<T> y = Tensor<T>.From([one, one, low, low, low, low, one, T.NaN, one, one, T.PositiveInfinity, one], [4, 3]).Softmax();
        SameBits.Check(y.Span, [half, half, T.Zero, none, none, none, none, none, none, none, none, none], "softmax");
    }

    [Test]
    public void Empty_tensors_give_empty_tensors([Values(0, 1)] int axis)
    {
        Assert.That(Tensor<T>.Zeros([0, 3]).LogSoftmax(axis).Shape, Is.EqualTo(new Shape(0, 3)));
        Assert.That(Tensor<T>.Zeros([3, 0]).Softmax(axis).Length, Is.Zero);
    }

    [Test]
    public void A_scalar_is_a_row_of_one() => Assert.That(Tensor<T>.Full([], T.CreateTruncating(3)).Softmax().Item, Is.EqualTo(T.One));

    private static T Exp(T x) => Scalar<T>.Exp(new(x)).Value;
}
