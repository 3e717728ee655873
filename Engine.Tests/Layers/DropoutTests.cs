using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>Laws of dropout.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class DropoutTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(5).Fold("mask");

    /// <summary>
    /// A forgotten or doubled 1/(1 − p), p and 1 − p mixed up: the share of zeros and the mean, within five standard deviations.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void Expectation_stays_and_the_share_of_zeros_is_p([Values(0.1, 0.5, 0.9)] double p)
    {
        const int n = 200_000;
        double[] y = Closeness.Doubles(Tensor<T>.Full([n], T.One).Dropout(p, s_key));
        Assert.That(y.Count(static v => v == 0) / (double)n, Is.EqualTo(p).Within(5 * Math.Sqrt(p * (1 - p) / n)));
        Assert.That(y.Where(static v => v != 0), Is.All.EqualTo(1 / (1 - p)).Within(1e-6 / (1 - p)));
        Assert.That(y.Average(), Is.EqualTo(1).Within(5 * Math.Sqrt(p / (1 - p) / n)));
    }

    /// <summary>A mask that depends on threads, on where a batch is cut, or on the element type.</summary>
    [Test]
    [Category("Slow")]
    public void Mask_is_a_function_of_coordinates()
    {
        const int rows = 70, columns = 1001;
        Tensor<T> x = Tensor<T>.Full([rows, columns], T.One);
        T[] whole = With(1, () => x.Dropout(0.4, s_key)).ToArray();
        SameBits.Check<T>(With(7, () => x.Dropout(0.4, s_key)).Span, whole, "seven threads");
        for (int row = 0, count = 1; row < rows; row += count, count = Math.Min(count * 3, rows - row))
        {
            Tensor<T> part = Tensor<T>.Full([count, columns], T.One).Dropout(0.4, s_key, (long)row * columns);
            SameBits.Check(part.Span, whole.AsSpan(row * columns, count * columns), $"rows {row} and {count - 1} more");
        }
        Assert.That(
            Tensor<float>.Full([rows, columns], 1).Dropout(0.4, s_key).ToArray().Select(static v => v == 0),
            Is.EqualTo(whole.Select(static v => v == T.Zero)));

        static Tensor<T> With(int threads, Func<Tensor<T>> function)
        {
            using Threads _ = Threads.Set(threads);
            return function();
        }
    }

    /// <summary>A backward pass with another mask, or without the factor.</summary>
    [Test]
    public void Gradient_goes_through_the_same_mask([Values(5, 3000, 40_000)] int n)
    {
        Parameter<T> x = new("x", Tensor<T>.Full([n], T.CreateTruncating(2)));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = x.Value.Dropout(0.3, s_key, first: 3);
            tape.Backward(y, x.Value); // g = x: then dx = y
            SameBits.Check(x.Gradient.Span, y.Span, "gradient");
        }
    }

    /// <summary>One mask for all steps, masks that cannot be had again, a step counted in evaluation.</summary>
    [Test]
    public void Each_step_has_its_mask_and_a_resumed_run_has_the_same()
    {
        Tensor<T> x = Tensor<T>.Full([400], T.One);
        Dropout<T> layer = new(0.5, s_key), resumed = new(0.5, s_key);
        T[] first = layer.Forward(x).ToArray();
        layer.Training = false;
        Assert.That(layer.Forward(x).ToArray(), Is.EqualTo(x.ToArray()));
        layer.Training = true;
        T[] second = layer.Forward(x).ToArray();
        Assert.That(second, Is.Not.EqualTo(first));
        resumed.Counters[0].Value = 1;
        Assert.That(resumed.Forward(x).ToArray(), Is.EqualTo(second));
        Assert.That(layer.Counters[0].Value, Is.EqualTo(2));
        Assert.That(layer.Forward(Tensor<T>.Zeros([0])).Length, Is.Zero);
    }

    [Test]
    public void Probability_zero_is_the_identity_and_extremes_stay_finite()
    {
        Parameter<T> x = new("x", Tensor<T>.From(Samples.Uniform<T>(50), [50]));
        SameBits.Check(x.Value.Dropout(0, s_key).Span, x.Value.Span, "p = 0");
        Assert.That(x.Value.Dropout(1 - 1e-12, s_key).ToArray(), Is.All.Matches<T>(T.IsFinite));
        Assert.That(() => x.Value.Dropout(1, s_key), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1"));
        Assert.That(() => x.Value.Dropout(0.5, s_key, first: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
