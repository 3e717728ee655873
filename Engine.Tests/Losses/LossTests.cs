using System.Numerics;

namespace Engine.Tests;

/// <summary>Laws of losses and metrics.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class LossTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static double Epsilon => typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;

    /// <summary>The fused loss against its parts: −logsoftmax picked by hand, in value and gradient.</summary>
    [Test]
    public void Cross_entropy_is_the_negative_log_of_the_softmax([Values(1, 3, 16, 17, 1000, 5000)] int n)
    {
        const int rows = 9;
        Parameter<T> x = new("x", LayerLawsTests<T>.Normal([rows, n], 0, 3));
        int[] classes = [.. Enumerable.Range(0, rows).Select(i => i * 5 % n)];
        T[] picks = new T[rows * n];
        for (int row = 0; row < rows; row++)
        {
            picks[row * n + classes[row]] = -T.One;
        }
        (T fused, T[] fusedGradient) = Run(() => x.Value.CrossEntropy(classes, LossReduction.Sum));
        (T composed, T[] composedGradient) = Run(() => (x.Value.LogSoftmax() * Tensor<T>.From(picks, [rows, n])).Sum());
        Assert.That(
            double.CreateTruncating(fused),
            Is.EqualTo(double.CreateTruncating(composed)).Within(20 * Epsilon * double.CreateTruncating(fused)));
        Closeness.Check(Tensor<T>.From(fusedGradient), Tensor<T>.From(composedGradient), 20 * Epsilon, "gradient");
        for (int row = 0; row < rows; row++)
        {
            double sum = fusedGradient.Skip(row * n).Take(n).Sum(static g => double.CreateTruncating(g));
            Assert.That(sum, Is.EqualTo(0).Within(20 * Epsilon), "a softmax cannot rise as a whole");
        }

        (T, T[]) Run(Func<Tensor<T>> loss)
        {
            x.ClearGradient();
            Tape<T> tape = new();
            using (tape.Record())
            {
                Tensor<T> y = loss();
                tape.Backward(y);
                return (y.Item, x.Gradient.ToArray());
            }
        }
    }

    /// <summary>An exponential that overflows, a logarithm of zero.</summary>
    [Test]
    public void Extreme_logits_have_finite_losses_and_gradients()
    {
        T big = T.CreateTruncating(1e4);
        Parameter<T> x = new("x", Tensor<T>.From([big, -big, T.Zero, -big, -big, -big, big, big, big], [3, 3]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> losses = x.Value.CrossEntropy([1, 0, 2], LossReduction.None);
            Assert.That(Closeness.Doubles(losses), Is.EqualTo((double[])[2e4, Math.Log(3), Math.Log(3)]).Within(1e-6));
            tape.Backward(losses.Sum());
        }
        double third = 1.0 / 3;
        Assert.That(
            Closeness.Doubles(x.Gradient),
            Is.EqualTo((double[])[1, -1, 0, third - 1, third, third, third, third, third - 1]).Within(1e-6));
    }

    /// <summary>Closed forms: ln n for equal logits whatever the smoothing; the expected value of a worked example with weights.</summary>
    [Test]
    public void Closed_forms()
    {
        Tensor<T> equal = Tensor<T>.Full([4, 8], T.CreateTruncating(3));
        foreach (double smoothing in (double[])[0, 0.3, 1])
        {
            Assert.That(
                double.CreateTruncating(equal.CrossEntropy([0, 7, 3, 3], labelSmoothing: smoothing).Item),
                Is.EqualTo(Math.Log(8)).Within(1e-6));
        }
        Tensor<T> x = Tensor<T>.From(Array.ConvertAll((double[])[1, 2, 3, 3, 1, 0], T.CreateTruncating), [2, 3]);
        Tensor<T> weights = Tensor<T>.From(Array.ConvertAll((double[])[1, 2, 0.5], T.CreateTruncating));
        Assert.That(
            double.CreateTruncating(x.CrossEntropy([2, 1], weights: weights).Item), Is.EqualTo(1.8173980085339045).Within(1e-6),
            "PyTorch 1.13.1");
    }

    /// <summary>
    /// A row that changes others: the loss and gradient of an ignored row are 0, and the rest is as if it were not there.
    /// </summary>
    [Test]
    public void Ignored_rows_count_nowhere()
    {
        Tensor<T> two = LayerLawsTests<T>.Normal([2, 5], 0, 1);
        Parameter<T> three = new("x", Tensor<T>.From([.. two.ToArray(), .. two.ToArray()[..5]], [3, 5]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> loss = three.Value.CrossEntropy([4, 0, -100], ignoreClass: -100);
            SameBits.Check(loss.Span, two.CrossEntropy([4, 0]).Span, "loss");
            tape.Backward(loss);
        }
        Assert.That(three.Gradient.ToArray()[10..], Is.All.EqualTo(T.Zero));
    }

    /// <summary>Catches: a number that is no reduction and is taken for the sum.</summary>
    [TestCase(-1)]
    [TestCase(3)]
    public void A_reduction_has_a_name(int reduction)
    {
        Tensor<T> x = Tensor<T>.Zeros([1, 3]);
        foreach (Func<Tensor<T>> loss in (Func<Tensor<T>>[])
            [() => x.CrossEntropy([0], (LossReduction)reduction), () => x.MeanSquaredError(x, (LossReduction)reduction)])
        {
            Assert.That(
                loss,
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"got the reduction {reduction}, expected one of")
                    .And.Message.Contains("Mean, Sum, None"));
        }
    }

    /// <summary>
    /// A mean of nothing is no number: said at the line that asks for it. Sums and single losses of nothing are 0 and none.
    /// </summary>
    [Test]
    public void Empty_batches()
    {
        Tensor<T> none = Tensor<T>.Zeros([0, 3]), one = Tensor<T>.Zeros([1, 3]);
        Assert.That(() => none.CrossEntropy([]), Throws.ArgumentException.With.Message.Contains("0 rows"));
        Assert.That(() => one.CrossEntropy([2], ignoreClass: 2), Throws.ArgumentException.With.Message.Contains("0 of them not ignored"));
        Assert.That(
            () => one.CrossEntropy([2], weights: Tensor<T>.Zeros([3])), Throws.ArgumentException.With.Message.Contains("weight 0"));
        Assert.That(
            () => none.MeanSquaredError(none),
            Throws.ArgumentException.With.Message.Contains("[0, 3]").And.Message.Contains("nothing to take the mean of"));
        Assert.That(none.CrossEntropy([], LossReduction.Sum).Item, Is.EqualTo(T.Zero));
        Assert.That(one.CrossEntropy([2], LossReduction.Sum, ignoreClass: 2).Item, Is.EqualTo(T.Zero));
        Assert.That(none.CrossEntropy([], LossReduction.None).Shape, Is.EqualTo(new Shape(0)));
        Assert.That(none.MeanSquaredError(none, LossReduction.Sum).Item, Is.EqualTo(T.Zero));
    }

    /// <summary>A class read beyond its row, a target that broadcasts silently.</summary>
    [Test]
    public void Wrong_classes_and_shapes_are_errors()
    {
        Tensor<T> x = Tensor<T>.Zeros([3, 4]);
        Assert.That(
            () => x.CrossEntropy([0, 4, 1]),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("class 4 in row 1").And.Message.Contains("0 to 3"));
        Assert.That(
            () => x.CrossEntropy([0, 1, -1]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("class -1 in row 2"));
        Assert.That(
            () => x.CrossEntropy([0, 1]), Throws.ArgumentException.With.Message.Contains("[3, 4]").And.Message.Contains("2 classes"));
        Assert.That(() => Tensor<T>.Zeros([3]).CrossEntropy([0, 1, 1]), Throws.ArgumentException);
        Assert.That(() => x.CrossEntropy([0, 1, 1], weights: Tensor<T>.Zeros([3])), Throws.ArgumentException.With.Message.Contains("[4]"));
        Assert.That(() => x.CrossEntropy([0, 1, 1], labelSmoothing: 1.1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.CrossEntropy([0, 1, 1], labelSmoothing: double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Tensor<T>.Zeros([3, 1]).MeanSquaredError(Tensor<T>.Zeros([3])),
            Throws.ArgumentException.With.Message.Contains("[3, 1]").And.Message.Contains("[3]"));
    }

    /// <summary>λ without its ½ or with it at the wrong place; a derivative of |w| at 0; a penalty that is no part of the loss.</summary>
    [Test]
    public void Penalties_are_closed_forms()
    {
        Parameter<T> a = new("a", Tensor<T>.From(Array.ConvertAll((double[])[3, -4, 0], T.CreateTruncating))),
            b = new("b", Tensor<T>.From(T.CreateTruncating(-2)));
        Assert.That(double.CreateTruncating(Penalty.L1([a, b], 0.5).Item), Is.EqualTo(4.5).Within(1e-6));
        Assert.That(double.CreateTruncating(Penalty.L2([a, b], 0.5).Item), Is.EqualTo(7.25).Within(1e-6));
        Assert.That(Penalty.L2<T>([], 0.5).Item, Is.EqualTo(T.Zero));
        Gradient(() => Penalty.L1([a, b], 0.5), [0.5, -0.5, 0], [-0.5]);
        Gradient(() => Penalty.L2([a, b], 0.5), [1.5, -2, 0], [-1]);
        Gradient(() => 2 * Penalty.L2([a, b], 0.5) + b.Value.Sum(), [3, -4, 0], [-1]);
        Assert.That(() => Penalty.L1([a], -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("L1"));
        Assert.That(() => Penalty.L2([a], double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());

        void Gradient(Func<Tensor<T>> loss, double[] expectedA, double[] expectedB)
        {
            a.ClearGradient();
            b.ClearGradient();
            Tape<T> tape = new();
            using (tape.Record())
            {
                tape.Backward(loss());
            }
            Assert.That(Closeness.Doubles(a.Gradient), Is.EqualTo(expectedA).Within(1e-6));
            Assert.That(Closeness.Doubles(b.Gradient), Is.EqualTo(expectedB).Within(1e-6));
        }
    }

    /// <summary>Plain gradient descent with the L2 penalty is weight decay: w(1 − ηλ)ᵗ.</summary>
    [Test]
    public void L2_alone_decays_weights_geometrically()
    {
        Parameter<T> w = new("w", Tensor<T>.From(T.CreateTruncating(10)));
        Tape<T> tape = new();
        for (int step = 0; step < 10; step++)
        {
            w.ClearGradient();
            using (tape.Record())
            {
                tape.Backward(Penalty.L2([w], 0.2));
            }
            w.SetValue(w.Value - w.Gradient * 0.1);
        }
        Assert.That(double.CreateTruncating(w.Value.Item), Is.EqualTo(10 * Math.Pow(0.98, 10)).Within(1e-5));
    }

    [Test]
    public void Accuracy_counts_rows_whose_largest_logit_is_their_class()
    {
        T nan = T.NaN, one = T.One, zero = T.Zero;
        Tensor<T> logits = Tensor<T>.From([zero, one, zero, one, one, zero, nan, one, zero, zero, zero, one], [4, 3]);
        Assert.That(Metrics.Accuracy(logits, [1, 0, 1, 0]), Is.EqualTo(0.5), "a tie goes to the first; NaN is wrong");
        Assert.That(Metrics.Accuracy(logits, [1, 1, 0, 2]), Is.EqualTo(0.5));
        Assert.That(() => Metrics.Accuracy(logits, [1, 1, 1]), Throws.ArgumentException.With.Message.Contains("3 classes"));
        Assert.That(
            () => Metrics.Accuracy(logits, [1, 1, 1, 3]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("row 3"));
        Assert.That(() => Metrics.Accuracy(Tensor<T>.Zeros([0, 3]), []), Throws.ArgumentException);
    }
}
