using System.Globalization;
using System.Numerics;

namespace Engine.Tests;

/// <summary>Losses against their formulas with the functions of <see cref="Math"/>, at corners, and for numbers of any size.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ElementwiseLossTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private delegate Tensor<T> Loss(Tensor<T> prediction, Tensor<T> target, LossReduction reduction);

    private static readonly double[] s_numbers = [-2.5, -1, -0.75, -0.3, 0, 0.3, 0.5, 0.75, 1, 3], s_probabilities = [0, 0.1, 0.5, 0.9, 1],
        s_signs = [-1, 1];

    private static IEnumerable<TestCaseData> Formulas()
    {
        yield return Case(
            "MeanSquaredError", static (x, t, r) => x.MeanSquaredError(t, r), static (x, t) => (x - t) * (x - t), s_numbers, s_numbers);
        yield return Case(
            "MeanAbsoluteError", static (x, t, r) => x.MeanAbsoluteError(t, r), static (x, t) => Math.Abs(x - t), s_numbers, s_numbers);
        yield return Case(
            "SmoothL1", static (x, t, r) => x.SmoothL1(t, r, 0.75),
            static (x, t) => Math.Abs(x - t) < 0.75 ? (x - t) * (x - t) / 1.5 : Math.Abs(x - t) - 0.375, s_numbers, s_numbers);
        yield return Case(
            "SmoothL1, β = 0", static (x, t, r) => x.SmoothL1(t, r, 0), static (x, t) => Math.Abs(x - t), s_numbers, s_numbers);
        yield return Case(
            "Huber", static (x, t, r) => x.Huber(t, r, 0.75),
            static (x, t) => Math.Abs(x - t) <= 0.75 ? (x - t) * (x - t) / 2 : 0.75 * (Math.Abs(x - t) - 0.375), s_numbers, s_numbers);
        yield return Case(
            "BinaryCrossEntropy", static (x, t, r) => x.BinaryCrossEntropy(t, r),
            static (x, t) => -t * Math.Max(Math.Log(x), -100) - (1 - t) * Math.Max(Math.Log(1 - x), -100), s_probabilities,
            s_probabilities);
        yield return Case(
            "BinaryCrossEntropyWithLogits", static (x, t, r) => x.BinaryCrossEntropyWithLogits(t, r), static (x, t) => OfLogits(x, t, 1),
            s_numbers, s_probabilities);
        yield return Case(
            "BinaryCrossEntropyWithLogits, weights",
            static (x, t, r) => x.BinaryCrossEntropyWithLogits(t, r, Number(3), Number(0.5)), static (x, t) => 0.5 * OfLogits(x, t, 3),
            s_numbers, s_probabilities);
        yield return Case(
            "BinaryCrossEntropy, weights", static (x, t, r) => x.BinaryCrossEntropy(t, r, Number(0.5)),
            static (x, t) => -0.5 * (t * Math.Log(x) + (1 - t) * Math.Log(1 - x)), [0.2, 0.7], s_probabilities);
        yield return Case(
            "KullbackLeibler", static (x, t, r) => x.KullbackLeibler(t, r), static (x, t) => t == 0 ? 0 : t * (Math.Log(t) - x), s_numbers,
            s_probabilities);
        yield return Case(
            "KullbackLeibler of logarithms", static (x, t, r) => x.KullbackLeibler(t, r, logTarget: true),
            static (x, t) => Math.Exp(t) * (t - x), s_numbers, s_numbers);
        yield return Case(
            "GaussianNegativeLogLikelihood", static (x, t, r) => x.GaussianNegativeLogLikelihood(t, Number(0.7), r, full: true),
            static (x, t) => -MathNet.Numerics.Distributions.Normal.PDFLn(x, Math.Sqrt(0.7), t), s_numbers, s_numbers);
        yield return Case(
            "GaussianNegativeLogLikelihood, variance below ε",
            static (x, t, r) => x.GaussianNegativeLogLikelihood(t, Number(0.1), r, epsilon: 0.7),
            static (x, t) => 0.5 * (Math.Log(0.7) + (x - t) * (x - t) / 0.7), s_numbers, s_numbers);
        yield return Case(
            "PoissonNegativeLogLikelihood", static (x, t, r) => x.PoissonNegativeLogLikelihood(t, r),
            static (x, t) => Math.Exp(x) - t * x, s_numbers, [0, 1, 4]);
        yield return Case(
            "PoissonNegativeLogLikelihood of rates", static (x, t, r) => x.PoissonNegativeLogLikelihood(t, r, logInput: false),
            static (x, t) => x - t * Math.Log(x + 1e-8), [0, 0.5, 3], [0, 1, 4]);
        yield return Case(
            "Hinge", static (x, t, r) => x.Hinge(t, r), static (x, t) => Math.Max(0, 1 - t * x), s_numbers, s_signs);
        yield return Case(
            "HingeEmbedding", static (x, t, r) => x.HingeEmbedding(t, r, 0.75), static (x, t) => t > 0 ? x : Math.Max(0, 0.75 - x),
            s_numbers, s_signs);
        yield return Case(
            "SoftMargin", static (x, t, r) => x.SoftMargin(t, r), static (x, t) => Math.Log(1 + Math.Exp(-t * x)), s_numbers, s_signs);

        static TestCaseData Case(string name, Loss loss, Func<double, double, double> formula, double[] predictions, double[] targets) =>
            new TestCaseData(loss, formula, predictions, targets).SetArgDisplayNames(name);
    }

    private static double OfLogits(double x, double t, double positiveWeight) =>
        positiveWeight * t * Math.Log(1 + Math.Exp(-x)) + (1 - t) * Math.Log(1 + Math.Exp(x));

    /// <summary>
    /// A wrong branch, constant or sign; a mean that divides by something else than the number of losses; a target that is taken for the
    /// prediction.
    /// </summary>
    [TestCaseSource(nameof(Formulas))]
    public void Value_is_the_formula(object loss, Func<double, double, double> formula, double[] predictions, double[] targets)
    {
        (double X, double T)[] pairs = [.. from x in predictions from t in targets select (Rounded(x), Rounded(t))];
        Tensor<T> prediction = From([.. pairs.Select(static p => p.X)]), target = From([.. pairs.Select(static p => p.T)]);
        Tensor<T> expected = From([.. pairs.Select(p => formula(p.X, p.T))]);
        Closeness.Check(((Loss)loss)(prediction, target, LossReduction.None), expected, "each");
        double sum = pairs.Sum(p => formula(p.X, p.T));
        Closeness.Check(((Loss)loss)(prediction, target, LossReduction.Sum), Number(sum), "sum");
        Closeness.Check(((Loss)loss)(prediction, target, LossReduction.Mean), Number(sum / pairs.Length), "mean");
    }

    private static IEnumerable<TestCaseData> Extremes()
    {
        double[] big = [1e4, -1e4, 1e4, -1e4, 1e4, 0], both = [1e4, 1e4, -1e4, -1e4, 0, 1e4], bits = [1, 0, 0, 1, 0.5, 1],
            signs = [1, -1, -1, 1, 1, -1], counts = [3, 0, 1, 5, 2, 0];
        yield return Case("MeanSquaredError", static (x, t, r) => x.MeanSquaredError(t, r), big, both);
        yield return Case("MeanAbsoluteError", static (x, t, r) => x.MeanAbsoluteError(t, r), big, both);
        yield return Case("SmoothL1", static (x, t, r) => x.SmoothL1(t, r), big, both);
        yield return Case("SmoothL1, β = 0", static (x, t, r) => x.SmoothL1(t, r, 0), big, both);
        yield return Case("Huber", static (x, t, r) => x.Huber(t, r), big, both);
        yield return Case("BinaryCrossEntropy", static (x, t, r) => x.Sigmoid().BinaryCrossEntropy(t, r), big, bits);
        yield return Case(
            "BinaryCrossEntropy, weights", static (x, t, r) => x.Sigmoid().BinaryCrossEntropy(t, r, Number(2)), big, bits);
        yield return Case("BinaryCrossEntropyWithLogits", static (x, t, r) => x.BinaryCrossEntropyWithLogits(t, r), big, bits);
        yield return Case(
            "BinaryCrossEntropyWithLogits, weights", static (x, t, r) => x.BinaryCrossEntropyWithLogits(t, r, Number(3), Number(2)), big,
            bits);
        yield return Case(
            "CrossEntropy of probabilities", static (x, t, r) => x.Reshape(2, 3).CrossEntropy(t.Reshape(2, 3), r, labelSmoothing: 0.1), big,
            bits);
        yield return Case("CrossEntropy", static (x, _, r) => x.Reshape(2, 3).CrossEntropy([1, 2], r, labelSmoothing: 0.1), big, bits);
        yield return Case(
            "NegativeLogLikelihood", static (x, _, r) => x.Reshape(2, 3).LogSoftmax().NegativeLogLikelihood([1, 2], r), big, bits);
        yield return Case(
            "KullbackLeibler", static (x, t, r) => x.Reshape(2, 3).LogSoftmax().KullbackLeibler(t.Reshape(2, 3), r), big, bits);
        yield return Case(
            "KullbackLeibler of logarithms",
            static (x, t, r) => x.Reshape(2, 3).LogSoftmax().KullbackLeibler(t.Reshape(2, 3).LogSoftmax(), r, logTarget: true), big, both);
        yield return Case("KullbackLeibler, target 0", static (x, t, r) => x.KullbackLeibler(t, r), big, [0, 0, -0.0, 1, 0, 0]);
        yield return Case(
            "KullbackLeibler, log target −∞", static (x, t, r) => x.KullbackLeibler(t, r, logTarget: true), big,
            [double.NegativeInfinity, double.NegativeInfinity, 0, 0, double.NegativeInfinity, -1e4]);
        yield return Case(
            "GaussianNegativeLogLikelihood, variance 0", static (x, t, r) => x.GaussianNegativeLogLikelihood(t, t * 0, r, full: true), big,
            both);
        // a rate of e^10,000 is beyond every number type: its loss is infinite
        yield return Case(
            "PoissonNegativeLogLikelihood", static (x, t, r) => x.PoissonNegativeLogLikelihood(t, r), [-1e4, 0, 80, -1e4, 1, 0], counts);
        yield return Case(
            "PoissonNegativeLogLikelihood of rates", static (x, t, r) => x.PoissonNegativeLogLikelihood(t, r, logInput: false),
            [1e4, 0, 1e4, 0, 1, 0], counts);
        yield return Case("Hinge", static (x, t, r) => x.Hinge(t, r), big, signs);
        yield return Case("HingeEmbedding", static (x, t, r) => x.HingeEmbedding(t, r), big, signs);
        yield return Case("SoftMargin", static (x, t, r) => x.SoftMargin(t, r), big, signs);
        yield return Case(
            "TripletMargin", static (x, t, r) => x.Reshape(2, 3).TripletMargin(t.Reshape(2, 3), x.Reshape(2, 3) * -1, r), big, both);
        yield return Case(
            "TripletMargin, equal vectors", static (x, _, r) => x.Reshape(2, 3).TripletMargin(x.Reshape(2, 3), x.Reshape(2, 3), r), big,
            both);
        yield return Case(
            "CosineEmbedding", static (x, t, r) => x.Reshape(2, 3).CosineEmbedding(t.Reshape(2, 3), From([1, -1]), r), big, both);
        yield return Case(
            "CosineEmbedding, zero vectors", static (x, t, r) => x.Reshape(2, 3).CosineEmbedding(t.Reshape(2, 3), From([1, -1]), r),
            [0, 0, 0, 1e4, -1e4, 1e4], [1e4, 0, 0, 0, 0, 0]);

        static TestCaseData Case(string name, Loss loss, double[] predictions, double[] targets) =>
            new TestCaseData(loss, predictions, targets).SetArgDisplayNames(name);
    }

    /// <summary>An exponential that overflows, a logarithm of 0, 0·∞, a quotient 0/0: in the value or in a gradient.</summary>
    [TestCaseSource(nameof(Extremes))]
    public void No_loss_of_large_numbers_is_infinite_or_NaN(object loss, double[] predictions, double[] targets)
    {
        foreach (LossReduction reduction in Enum.GetValues<LossReduction>())
        {
            Parameter<T> x = new("x", From(predictions)), t = new("t", From(targets));
            Tape<T> tape = new();
            using (tape.Record())
            {
                Tensor<T> y = ((Loss)loss)(x.Value, t.Value, reduction);
                Assert.That(y.ToArray(), Is.All.Matches<T>(T.IsFinite), $"{reduction}");
                tape.Backward(y, Tensor<T>.Ones(y.Shape));
            }
            Assert.That(x.Gradient.ToArray(), Is.All.Matches<T>(T.IsFinite), $"{reduction}, gradient of the prediction");
            if (t.HasGradient)
            {
                Assert.That(t.Gradient.ToArray(), Is.All.Matches<T>(T.IsFinite), $"{reduction}, gradient of the target");
            }
        }
    }

    /// <summary>
    /// A logarithm that is not limited, a gradient that is: PyTorch's binary cross-entropy at 0 and 1 has the losses 0 and 100 and the
    /// gradients 0 and ±10¹².
    /// </summary>
    [Test]
    public void Binary_cross_entropy_at_zero_and_one_is_that_of_PyTorch()
    {
        Tensor<T> t = From([0, 1, 0, 1]);
        (double[] losses, double[] gradient) = Run(From([0, 0, 1, 1]), x => x.BinaryCrossEntropy(t, LossReduction.None));
        Assert.That(losses, Is.EqualTo((double[])[0, 100, 100, 0]));
        Assert.That(gradient, Is.EqualTo((double[])[0, -1e12, 1e12, 0]).Within(1e-5).Percent);
    }

    /// <summary>Digits lost where a probability is close to its target: ln(1 − p) without care near 0, σ(x) − t near 1.</summary>
    [Test]
    public void Small_losses_and_gradients_keep_their_digits()
    {
        (double[] losses, _) = Run(From([1e-12]), static x => x.BinaryCrossEntropy(From([0]), LossReduction.None));
        Assert.That(losses[0], Is.EqualTo(1e-12).Within(1e-4).Percent);
        (losses, double[] gradient) = Run(
            From([40, -40]), static x => x.BinaryCrossEntropyWithLogits(From([1, 0]), LossReduction.None));
        Assert.That(losses, Is.All.EqualTo(Math.Exp(-40)).Within(1e-3).Percent);
        Assert.That(gradient, Is.EqualTo((double[])[-Math.Exp(-40), Math.Exp(-40)]).Within(1e-3).Percent);
        (losses, gradient) = Run(From([40]), static x => x.SoftMargin(From([1]), LossReduction.None));
        Assert.That((losses[0], gradient[0]), Is.EqualTo((Math.Exp(-40), -Math.Exp(-40))).Within(1e-3).Percent);
    }

    /// <summary>Another derivative at a corner than PyTorch's: |0|, the margin, the cosine at the margin.</summary>
    [Test]
    public void Derivatives_at_corners_are_those_of_PyTorch()
    {
        Assert.That(Gradient([1, 2], static x => x.MeanAbsoluteError(From([1, 1]), LossReduction.Sum)), Is.EqualTo((double[])[0, 1]));
        Assert.That(
            Gradient([2, -2, 0.5], static x => x.Huber(From([1, -1, 0]), LossReduction.Sum)), Is.EqualTo((double[])[1, -1, 0.5]));
        Assert.That(
            Gradient([2, -2, 0.5], static x => x.SmoothL1(From([1, -1, 0]), LossReduction.Sum, 0)), Is.EqualTo((double[])[1, -1, 1]));
        Assert.That(
            Gradient([1, 1.5, 0.5, 3], static x => x.HingeEmbedding(From([-1, -1, -1, 1]), LossReduction.Sum)),
            Is.EqualTo((double[])[0, 0, -1, 1]));
        Assert.That(
            Gradient([1, -1, 0.5, 2], static x => x.Hinge(From([1, -1, 1, -1]), LossReduction.Sum)),
            Is.EqualTo((double[])[0, 0, -1, 1]), "max(0, 1 − t·x) by clamp or relu");
        Tensor<T> other = From([0, 1]).Reshape(1, 2);
        Assert.That(
            Gradient([1, 0], x => x.Reshape(1, 2).CosineEmbedding(other, From([-1]), LossReduction.Sum)), Is.EqualTo((double[])[0, 0]),
            "the cosine is the margin");
    }

    /// <summary>A wrong factor in the gradient of a target, which no difference quotient can test: other targets are refused.</summary>
    [Test]
    public void Targets_of_one_and_minus_one_get_the_gradient_of_the_formula([Values] LossReduction reduction)
    {
        double[] x = [0.3, -0.7, 2, -2], signs = [1, -1, 1, 1];
        int count = reduction == LossReduction.Mean ? x.Length : 1;
        Check(static (x, t, r) => x.SoftMargin(t, r), static (x, t) => -x / (1 + Math.Exp(t * x)));
        Check(static (x, t, r) => x.Hinge(t, r), static (x, t) => t * x < 1 ? -x : 0);

        void Check(Loss loss, Func<double, double, double> derivative)
        {
            (_, double[] gradient) = Run(From(signs), t => loss(From(x), t, reduction));
            double[] expected = [.. x.Zip(signs, (a, t) => derivative(a, t) / count)];
            Assert.That(gradient, Is.EqualTo(expected).Within(1e-6));
        }
    }

    private static IEnumerable<TestCaseData> Targets()
    {
        yield return Case("BinaryCrossEntropy", static (x, t, r) => x.BinaryCrossEntropy(t, r), "a probability from 0 to 1", -0.25, 1.5);
        yield return Case(
            "BinaryCrossEntropy", static (x, t, r) => x.BinaryCrossEntropy(t, r, Number(2)), "a probability from 0 to 1", -0.25, 1.5);
        yield return Case("Hinge", static (x, t, r) => x.Hinge(t, r), "1 or -1", 0, 0.5, 2, -3);
        yield return Case("HingeEmbedding", static (x, t, r) => x.HingeEmbedding(t, r), "1 or -1", 0, 0.5, 2, -3);
        yield return Case("SoftMargin", static (x, t, r) => x.SoftMargin(t, r), "1 or -1", 0, 0.5, 2, -3);
        yield return Case(
            "CosineEmbedding", static (x, t, r) => x.Reshape(70, 1).CosineEmbedding(x.Reshape(70, 1), t, r), "1 or -1", 0, 0.5, 2, -3);

        static TestCaseData Case(string name, Loss loss, string expected, params double[] wrong) =>
            new TestCaseData(name, loss, expected, (double[])[.. wrong, double.NaN, double.PositiveInfinity, double.NegativeInfinity]);
    }

    /// <summary>
    /// A target that no loss is defined for, in the first register, between or in the tail; a check that notices it in a sum only, or only
    /// where the loss is NaN anyway; one that refuses an endpoint, or records before it throws.
    /// </summary>
    [TestCaseSource(nameof(Targets))]
    public void Targets_outside_the_domain_are_errors(string name, object loss, string expected, double[] wrong)
    {
        Parameter<T> x = new("x", Tensor<T>.Full([70], T.CreateTruncating(0.25))), t = new("t", Tensor<T>.Ones([70]));
        Tape<T> tape = new();
        foreach (LossReduction reduction in Enum.GetValues<LossReduction>())
        {
            using (tape.Record())
            {
                foreach ((double target, int position) in wrong.SelectMany(static target => (int[])[0, 33, 69], static (w, p) => (w, p)))
                {
                    T[] targets = t.Value.ToArray();
                    targets[position] = T.CreateTruncating(target);
                    t.SetValue(Tensor<T>.From(targets));
                    string got = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: got the target {targets[position]} at position {position}, expected {expected}.");
                    Assert.That(
                        () => ((Loss)loss)(x.Value, t.Value, reduction),
                        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(got));
                    Assert.That(tape.Count, Is.Zero, "nothing is recorded");
                    t.SetValue(Tensor<T>.Ones([70]));
                }
            }
            Assert.That(T.IsFinite(((Loss)loss)(x.Value, t.Value, reduction).Span[0]));
        }
    }

    /// <summary>A probability that is none and becomes a NaN without a reason; an endpoint that is refused, a NaN that is hidden.</summary>
    [Test]
    public void Probabilities_outside_their_range_are_errors([Values] LossReduction reduction)
    {
        Tensor<T> t = From([0, 1, 0.5]);
        foreach (double wrong in (double[])[-0.25, 1.5, double.PositiveInfinity, double.NegativeInfinity])
        {
            Assert.That(
                () => From([0, 1, wrong]).BinaryCrossEntropy(t, reduction),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("BinaryCrossEntropy: got the prediction ")
                    .And.Message.Contains(" at position 2, expected a probability from 0 to 1"));
        }
        Assert.That(From([0, 1, 1]).BinaryCrossEntropy(t, reduction).ToArray(), Is.All.Matches<T>(T.IsFinite));
        Assert.That(T.IsNaN(From([0, 1, double.NaN]).BinaryCrossEntropy(t, reduction).Span[^1]), "the loss shows it");
    }

    /// <summary>A NaN that hides a negative variance.</summary>
    [Test]
    public void A_negative_variance_beside_a_NaN_is_an_error()
    {
        Tensor<T> x = From([1, 2, 3]);
        Assert.That(
            () => x.GaussianNegativeLogLikelihood(x, From([double.NaN, 1, -1])),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("variance -1 at position 2"));
        Assert.That(T.IsNaN(x.GaussianNegativeLogLikelihood(x, From([double.NaN, 1, 1])).Item), "as PyTorch");
        Assert.That(T.IsNaN(x.GaussianNegativeLogLikelihood(x, Number(double.NaN)).Item));
    }

    /// <summary>Weights of classes that are taken for an input: a node without a gradient, or a gradient of the weights.</summary>
    [Test]
    public void Class_weights_get_no_gradient([Values] LossReduction reduction, [Values] bool logitsAreTracked, [Values] bool fused)
    {
        Parameter<T> x = new("x", LayerLawsTests<T>.Normal([3, 3], 0, 2)), w = new("w", From([0.5, 1, 2])), q = new("q", From([1, 2]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> logits = logitsAreTracked ? x.Value : x.Value.Clone();
            Tensor<T> loss = fused
                ? logits.CrossEntropy([0, 1, 2], reduction, w.Value)
                : logits.NegativeLogLikelihood([0, 1, 2], reduction, w.Value);
            Assert.That(tape.Count, Is.EqualTo(logitsAreTracked ? 1 : 0));
            tape.Backward((2 * loss).Sum() + q.Value.Sum());
        }
        Assert.That((x.HasGradient, w.HasGradient), Is.EqualTo((logitsAreTracked, false)));
        Assert.That(Closeness.Doubles(q.Gradient), Is.EqualTo((double[])[1, 1]));
    }

    /// <summary>Operations that a loss has recorded before it throws, and that a later Backward would go through.</summary>
    [Test]
    public void A_loss_that_throws_records_nothing()
    {
        Parameter<T> none = new("none", Tensor<T>.Zeros([0, 3])), w = new("w", From([1, 1, 1])), x = new("x", Tensor<T>.Ones([2, 3]));
        Tensor<T> y = none.Value, negative = From([1, -1, 1]);
        Func<Tensor<T>>[] wrong =
        [
            () => y.TripletMargin(y, y), () => y.TripletMargin(y, y, p: double.PositiveInfinity),
            () => y.CosineEmbedding(y, Tensor<T>.Zeros([0])), () => y.CrossEntropy(y), () => y.CrossEntropy(y, weights: w.Value),
            () => y.CrossEntropy(y, weights: w.Value, labelSmoothing: 0.5), () => y.CrossEntropy([]), () => y.NegativeLogLikelihood([]),
            () => y.BinaryCrossEntropy(y, weights: w.Value), () => y.BinaryCrossEntropyWithLogits(y, weights: w.Value),
            () => y.BinaryCrossEntropyWithLogits(y, positiveWeights: w.Value), () => y.MeanSquaredError(y), () => y.Huber(y),
            () => y.GaussianNegativeLogLikelihood(y, w.Value), () => x.Value.GaussianNegativeLogLikelihood(x.Value, negative),
            () => x.Value.GaussianNegativeLogLikelihood(x.Value, x.Value, (LossReduction)9),
            () => x.Value.CosineEmbedding(x.Value, From([1, 1]), (LossReduction)9),
            () => Penalty.L1([x, null!], 1), () => Penalty.ElasticNet([x], 1, -1), () => Penalty.Orthogonality([x, w], 1),
        ];
        Tape<T> tape = new();
        using (tape.Record())
        {
            for (int i = 0; i < wrong.Length; i++)
            {
                Assert.That(wrong[i], Throws.InstanceOf<ArgumentException>(), $"{i}");
                Assert.That(tape.Count, Is.Zero, $"{i}");
            }
        }
    }

    /// <summary>A variance below ε that is never pushed up again: PyTorch limits the value and passes the gradient on.</summary>
    [Test]
    public void A_variance_below_epsilon_gets_the_gradient_at_epsilon()
    {
        Parameter<T> variance = new("v", From([0.25, 0]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            tape.Backward(From([1, 1]).GaussianNegativeLogLikelihood(From([0, 0]), variance.Value, LossReduction.Sum, epsilon: 0.5));
        }
        Assert.That(Closeness.Doubles(variance.Gradient), Is.EqualTo((double[])[-1, -1]).Within(1e-6), "½(1/ε − 1/ε²)");
    }

    /// <summary>
    /// A constant that is subtracted where it is added, or left out. PyTorch adds 10⁻⁶ to each difference of a distance, and ε to a rate.
    /// </summary>
    [Test]
    public void Small_constants_stand_where_PyTorch_has_them()
    {
        double tolerance = typeof(T) == typeof(double) ? 1e-12 : 1e-6;
        Tensor<T> loss = From([0]).TripletMargin(From([1]), From([-3]), LossReduction.Sum, margin: 5);
        Assert.That(Closeness.Doubles(loss), Is.EqualTo((double[])[1 - 1e-6 - (3 + 1e-6) + 5]).Within(tolerance));

        Parameter<T> rate = new("rate", From([0.5]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            tape.Backward(rate.Value.PoissonNegativeLogLikelihood(From([2]), LossReduction.Sum, logInput: false, epsilon: 0.25));
        }
        Assert.That(Closeness.Doubles(rate.Gradient), Is.EqualTo((double[])[1 - 2 / 0.75]).Within(tolerance));
    }

    /// <summary>Distances over the wrong axis, a margin on the wrong side, a cosine without a norm.</summary>
    [Test]
    public void Losses_of_vectors_are_closed_forms()
    {
        Tensor<T> anchor = From([0, 0, 3, 4]).Reshape(2, 2), near = From([3, 4, 3, 4]).Reshape(2, 2);
        Tensor<T> far = From([6, 8, 0, 0]).Reshape(2, 2);
        Check(anchor.TripletMargin(near, far, LossReduction.None, 6), [1, 1]);
        Check(anchor.TripletMargin(near, far, LossReduction.None, 4), [0, 0]);
        Check(anchor.TripletMargin(near, far, LossReduction.Mean, 6.5), [1.5]);
        Check(anchor.TripletMargin(near, far, LossReduction.None, 8, 1), [1, 1]);
        Check(anchor.TripletMargin(near, far, LossReduction.None, 8, double.PositiveInfinity), [4, 4]);
        Check(From([1, 1]).TripletMargin(From([1, 1]), From([1, 1]), LossReduction.None, 0.5), [0.5]);
        Check(near.CosineEmbedding(far, From([1, 1]), LossReduction.None), [0, 1]);
        Check(near.CosineEmbedding(far, From([-1, -1]), LossReduction.None, 0.25), [0.75, 0]);
        Check(near.CosineEmbedding(far, From([-1, -1]), LossReduction.None, 1), [0, 0]);
        Check(From([3, 4]).CosineEmbedding(From([-4, 3]) * 7, Number(1)), [1]);
        Check(From([3, 4]).CosineEmbedding(From([4, 3]) * 7, Number(-1), LossReduction.Sum, -1), [1.96]);
        Assert.That(anchor.TripletMargin(near, far, LossReduction.None).Shape, Is.EqualTo(new Shape(2)));

        static void Check(Tensor<T> loss, double[] expected) =>
            Assert.That(Closeness.Doubles(loss), Is.EqualTo(expected).Within(2e-5), "the distance adds 10⁻⁶ to each difference");
    }

    /// <summary>The fused loss against its parts, and rows of an ignored class that are read.</summary>
    [Test]
    public void Cross_entropy_is_the_negative_log_likelihood_of_the_log_softmax(
        [Values] LossReduction reduction, [Values] bool weighted, [Values(null, 2, -100)] int? ignored)
    {
        Tensor<T> logits = LayerLawsTests<T>.Normal([6, 4], 0, 2);
        Tensor<T> weights = weighted ? From([0.5, 2, 1, 0.25]) : default;
        int[] classes = [3, 2, ignored ?? 0, 1, 2, 0];
        (double[] fused, double[] fusedGradient) = Run(logits, x => x.CrossEntropy(classes, reduction, weights, ignored));
        (double[] composed, double[] gradient) = Run(
            logits, x => x.LogSoftmax().NegativeLogLikelihood(classes, reduction, weights, ignored));
        double tolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-13;
        Assert.That(composed, Is.EqualTo(fused).Within(tolerance));
        Assert.That(gradient, Is.EqualTo(fusedGradient).Within(tolerance));
    }

    /// <summary>Smoothing or weights at the wrong place: targets of one class are class numbers. −∞ at a target 0 is no NaN.</summary>
    [Test]
    public void Cross_entropy_of_one_hot_probabilities_is_that_of_class_numbers(
        [Values] LossReduction reduction, [Values(0, 0.25, 1)] double smoothing, [Values] bool weighted)
    {
        Tensor<T> logits = LayerLawsTests<T>.Normal([3, 4], 0, 2), weights = weighted ? From([0.5, 2, 1, 0.25]) : default;
        int[] classes = [3, 0, 2];
        Tensor<T> target = From([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0]).Reshape(3, 4);
        (double[] soft, double[] softGradient) = Run(logits, x => x.CrossEntropy(target, reduction, weights, smoothing));
        // the mean of class numbers divides by their weights, that of probabilities by the number of rows
        double ratio = reduction == LossReduction.Mean && weighted ? (0.25 + 0.5 + 1) / 3 : 1;
        (double[] hard, double[] hardGradient) = Run(
            logits, x => x.CrossEntropy(classes, reduction, weights, labelSmoothing: smoothing) * ratio);
        double tolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-13;
        Assert.That(soft, Is.EqualTo(hard).Within(tolerance));
        Assert.That(softGradient, Is.EqualTo(hardGradient).Within(tolerance));
        Tensor<T> masked = From([0, 0, double.NegativeInfinity]).Reshape(1, 3);
        Assert.That(
            double.CreateTruncating(masked.CrossEntropy(From([0, 1, 0]).Reshape(1, 3)).Item), Is.EqualTo(Math.Log(2)).Within(1e-6));
    }

    /// <summary>A number that is no reduction and is taken for the sum.</summary>
    [Test]
    public void A_reduction_has_a_name([Values(-1, 3)] int reduction)
    {
        foreach (TestCaseData data in Extremes())
        {
            Assert.That(
                () => ((Loss)data.Arguments[0]!)(Tensor<T>.Ones([6]), Tensor<T>.Ones([6]), (LossReduction)reduction),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"got the reduction {reduction}, expected one of"));
        }
    }

    /// <summary>A mean of nothing that is NaN; a sum of nothing that throws.</summary>
    [Test]
    public void A_mean_of_nothing_is_an_error_and_its_sum_is_zero()
    {
        Tensor<T> none = Tensor<T>.Zeros([0, 3]);
        foreach (TestCaseData data in Formulas())
        {
            Loss loss = (Loss)data.Arguments[0]!;
            Assert.That(
                () => loss(none, none, LossReduction.Mean), Throws.ArgumentException.With.Message.Contains("nothing to take the mean of"));
            Assert.That(loss(none, none, LossReduction.Sum).Item, Is.EqualTo(T.Zero));
            Assert.That(loss(none, none, LossReduction.None).Shape, Is.EqualTo(none.Shape));
        }
        Assert.That(() => none.TripletMargin(none, none), Throws.ArgumentException.With.Message.Contains("nothing to take the mean of"));
        Assert.That(() => none.CrossEntropy(none), Throws.ArgumentException.With.Message.Contains("nothing to take the mean of"));
        Assert.That(() => none.NegativeLogLikelihood([]), Throws.ArgumentException.With.Message.Contains("nothing to take the mean of"));
        Assert.That(none.NegativeLogLikelihood([], LossReduction.Sum).Item, Is.EqualTo(T.Zero));
        Assert.That(none.CosineEmbedding(none, Tensor<T>.Zeros([0]), LossReduction.None).Shape, Is.EqualTo(new Shape(0)));
    }

    /// <summary>A target that broadcasts silently: [n, 1] against [n] would give n² losses.</summary>
    [Test]
    public void Shapes_that_differ_are_errors()
    {
        Tensor<T> column = Tensor<T>.Ones([3, 1]), row = Tensor<T>.Ones([3]);
        foreach (TestCaseData data in Formulas())
        {
            foreach (LossReduction reduction in Enum.GetValues<LossReduction>())
            {
                Assert.That(
                    () => ((Loss)data.Arguments[0]!)(column, row, reduction),
                    Throws.ArgumentException.With.Message.Contains("[3, 1]").And.Message.Contains("[3], expected the same"));
            }
        }
        Assert.That(
            () => column.TripletMargin(row, column), Throws.ArgumentException.With.Message.Contains("[3, 1]").And.Message.Contains("[3]"));
        Assert.That(() => column.TripletMargin(column, row), Throws.ArgumentException);
        Assert.That(() => Number(1).TripletMargin(Number(1), Number(1)), Throws.ArgumentException.With.Message.Contains("[]"));
        Assert.That(() => column.CosineEmbedding(row, row), Throws.ArgumentException.With.Message.Contains("[3, 1]"));
        Assert.That(() => column.CosineEmbedding(column, column), Throws.ArgumentException.With.Message.Contains("[3, 1]"));
        Assert.That(() => Number(1).CosineEmbedding(Number(1), Number(1)), Throws.ArgumentException);
        Assert.That(() => column.CrossEntropy(row), Throws.ArgumentException.With.Message.Contains("[3, 1]").And.Message.Contains("[3]"));
        Assert.That(() => row.CrossEntropy(row), Throws.ArgumentException.With.Message.Contains("[rows, classes]"));
        Assert.That(() => row.NegativeLogLikelihood([0, 0, 0]), Throws.ArgumentException.With.Message.Contains("[rows, classes]"));
        Assert.That(() => column.NegativeLogLikelihood([0, 0]), Throws.ArgumentException.With.Message.Contains("2 classes"));
    }

    /// <summary>Memory read beyond the weights or the row, weights that enlarge the losses, a variance of another batch.</summary>
    [Test]
    public void Weights_and_classes_that_do_not_fit_are_errors()
    {
        Tensor<T> x = Tensor<T>.Full([3, 4], T.CreateTruncating(0.5)), three = Tensor<T>.Ones([3]), cube = Tensor<T>.Ones([2, 3, 4]);
        foreach (int wrong in (int[])[4, -1, -100, int.MinValue, int.MaxValue])
        {
            Assert.That(
                () => x.NegativeLogLikelihood([0, wrong, 1]),
                Throws.InstanceOf<ArgumentOutOfRangeException>()
                    .With.Message.Contains($"class {wrong} in row 1, expected one from 0 to 3"));
            Assert.That(
                x.NegativeLogLikelihood([0, wrong, 1], ignoreClass: wrong).Item, Is.EqualTo(-T.CreateTruncating(0.5)), "never read");
        }
        Assert.That(() => Tensor<T>.Zeros([1, 0]).NegativeLogLikelihood([0]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => x.NegativeLogLikelihood([0, 0, 0], weights: three), Throws.ArgumentException.With.Message.Contains("expected [4]"));
        Assert.That(() => x.CrossEntropy(x, weights: three), Throws.ArgumentException.With.Message.Contains("expected [4]"));
        Assert.That(() => x.BinaryCrossEntropy(x, weights: three), Throws.ArgumentException.With.Message.Contains("weights of shape [3]"));
        Assert.That(() => x.BinaryCrossEntropy(x, weights: cube), Throws.ArgumentException.With.Message.Contains("[2, 3, 4]"));
        Assert.That(() => x.BinaryCrossEntropyWithLogits(x, weights: cube), Throws.ArgumentException.With.Message.Contains("[2, 3, 4]"));
        Assert.That(
            () => x.BinaryCrossEntropyWithLogits(x, positiveWeights: three),
            Throws.ArgumentException.With.Message.Contains("positiveWeights of shape [3]"));
        Assert.That(() => x.GaussianNegativeLogLikelihood(x, cube), Throws.ArgumentException.With.Message.Contains("[2, 3, 4]"));
        Assert.That(
            () => x.GaussianNegativeLogLikelihood(x, Number(-0.25)),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("variance -0.25"));
    }

    /// <summary>A margin, corner or ε that makes no sense and goes through.</summary>
    [Test]
    public void Numbers_outside_their_range_are_errors()
    {
        Tensor<T> x = Tensor<T>.Ones([2, 3]), rows = Tensor<T>.Ones([2]);
        double nan = double.NaN, infinity = double.PositiveInfinity;
        (string Expected, Func<Tensor<T>>[] Losses)[] wrong =
        [
            ("beta", [() => x.SmoothL1(x, beta: -1), () => x.SmoothL1(x, beta: nan), () => x.SmoothL1(x, beta: infinity)]),
            ("delta", [() => x.Huber(x, delta: 0), () => x.Huber(x, delta: nan), () => x.Huber(x, delta: infinity)]),
            ("margin", [() => x.HingeEmbedding(x, margin: nan), () => x.HingeEmbedding(x, margin: infinity)]),
            ("margin", [() => x.TripletMargin(x, x, margin: -1), () => x.TripletMargin(x, x, margin: infinity)]),
            ("p = ", [() => x.TripletMargin(x, x, p: 0.5), () => x.TripletMargin(x, x, p: nan)]),
            ("margin", [() => x.CosineEmbedding(x, rows, margin: 1.5), () => x.CosineEmbedding(x, rows, margin: nan)]),
            (
                "epsilon",
                [() => x.GaussianNegativeLogLikelihood(x, x, epsilon: 0), () => x.GaussianNegativeLogLikelihood(x, x, epsilon: nan)]),
            ("epsilon", [() => x.PoissonNegativeLogLikelihood(x, epsilon: -1), () => x.PoissonNegativeLogLikelihood(x, epsilon: nan)]),
            ("labelSmoothing", [() => x.CrossEntropy(x, labelSmoothing: -0.1), () => x.CrossEntropy(x, labelSmoothing: nan)]),
        ];
        foreach ((string expected, Func<Tensor<T>>[] losses) in wrong)
        {
            foreach (Func<Tensor<T>> loss in losses)
            {
                Assert.That(loss, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(expected));
            }
        }
    }

    private static double[] Gradient(double[] x, Func<Tensor<T>, Tensor<T>> loss) => Run(From(x), loss).Gradient;

    private static (double[] Losses, double[] Gradient) Run(Tensor<T> input, Func<Tensor<T>, Tensor<T>> loss)
    {
        Parameter<T> x = new("x", input);
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = loss(x.Value);
            tape.Backward(y, Tensor<T>.Ones(y.Shape));
            return (Closeness.Doubles(y), Closeness.Doubles(x.Gradient));
        }
    }

    private static double Rounded(double value) => double.CreateTruncating(T.CreateTruncating(value));

    private static Tensor<T> From(double[] values) => Tensor<T>.From(Array.ConvertAll(values, T.CreateTruncating));

    private static Tensor<T> Number(double value) => Tensor<T>.Full([], T.CreateTruncating(value));
}
