using static Engine.Tests.OpMessageTests;

namespace Engine.Tests;

/// <summary>What losses say of arguments that they refuse: the loss that was called, what it got and what it expected.</summary>
internal sealed class LossMessageTests
{
    private const LossReduction Undefined = (LossReduction)9;

    private static readonly Tensor<double> s_x = Tensor<double>.Zeros([2, 3]), s_v = Tensor<double>.Zeros([3]),
        s_ones = Tensor<double>.Ones([2]), s_noRows = Tensor<double>.Zeros([0, 3]);

    public static IEnumerable<TestCaseData> Calls()
    {
        yield return Case(
            static () => s_x.CosineEmbedding(s_x, s_ones, Undefined),
            "CosineEmbedding: got the reduction 9, expected one of Mean, Sum, None.");
        yield return Case(
            static () => s_x.CosineEmbedding(s_x, s_ones, margin: 2),
            "CosineEmbedding: got margin = 2, expected a number from -1 to 1.");
        yield return Case(
            static () => s_x.CosineEmbedding(s_x, s_x),
            "CosineEmbedding: got inputs of shape [2, 3] and [2, 3] and a target of shape [2, 3], expected two of the same "
                + "shape, with at least one axis, and the target's without the last axis.");
        yield return Case(
            static () => s_x.CosineEmbedding(s_x, Tensor<double>.Zeros([2])),
            "CosineEmbedding: got the target 0 at position 0, expected 1 or -1.");
        yield return Case(
            static () => s_x.GaussianNegativeLogLikelihood(s_x, s_x, Undefined),
            "GaussianNegativeLogLikelihood: got the reduction 9, expected one of Mean, Sum, None.");
        yield return Case(
            static () => s_x.GaussianNegativeLogLikelihood(s_x, Tensor<double>.Zeros([2, 3, 4])),
            "GaussianNegativeLogLikelihood: got a variance of shape [2, 3, 4] for a mean of shape [2, 3], expected a shape "
                + "that broadcasts to it.");
        yield return Case(
            static () => s_x.GaussianNegativeLogLikelihood(s_x, Tensor<double>.From([0.0, -1, -2], [3])),
            "GaussianNegativeLogLikelihood: got the variance -1 at position 1, expected none below 0.");
        yield return Case(
            static () => s_x.GaussianNegativeLogLikelihood(s_x, s_x, epsilon: 0),
            "GaussianNegativeLogLikelihood: got epsilon = 0, expected a finite number above 0.");
        yield return Case(
            static () => s_x.TripletMargin(s_x, s_x, Undefined),
            "TripletMargin: got the reduction 9, expected one of Mean, Sum, None.");
        yield return Case(
            static () => s_x.TripletMargin(s_x, s_x, p: 0.5),
            "TripletMargin: got p = 0.5, expected a number of at least 1.");
        yield return Case(
            static () => s_x.TripletMargin(s_x, s_x, margin: -1),
            "TripletMargin: got margin = -1, expected a finite non-negative number.");
        yield return Case(
            static () => s_x.TripletMargin(s_x, s_v),
            "TripletMargin: got an anchor of shape [2, 3], a positive of shape [2, 3] and a negative of shape [3], expected "
                + "the same, with at least one axis.");
        yield return Case(
            static () => s_noRows.TripletMargin(s_noRows, s_noRows),
            "TripletMargin: got the shape [0], expected at least one element: there is nothing to take the mean of.");
        yield return Case(
            static () => s_x.MeanSquaredError(s_v),
            "MeanSquaredError: got a prediction of shape [2, 3] and a target of shape [3], expected the same.");
        yield return Case(
            static () => s_x.MeanSquaredError(s_x, Undefined),
            "MeanSquaredError: got the reduction 9, expected one of Mean, Sum, None.");
        yield return Case(
            static () => s_noRows.MeanSquaredError(s_noRows),
            "MeanSquaredError: got the shape [0, 3], expected at least one element: there is nothing to take the mean of.");
        yield return Case(static () => s_x.HingeEmbedding(s_x), "HingeEmbedding: got the target 0 at position 0, expected 1 or -1.");
        yield return Case(
            static () => s_x.HingeEmbedding(Tensor<double>.Ones([2, 3]), margin: double.NaN),
            "HingeEmbedding: got margin = NaN, expected a finite number.");
        yield return Case(static () => s_x.Huber(s_x, delta: 0), "Huber: got delta = 0, expected a finite number above 0.");
        yield return Case(static () => s_x.SmoothL1(s_x, beta: -1), "SmoothL1: got beta = -1, expected a finite non-negative number.");
        yield return Case(
            static () => s_x.PoissonNegativeLogLikelihood(s_x, epsilon: -1),
            "PoissonNegativeLogLikelihood: got epsilon = -1, expected a finite non-negative number.");
        yield return Case(
            static () => s_x.CrossEntropy([0]),
            "CrossEntropy: got logits of shape [2, 3] and 1 classes, expected [rows, classes] and one class for each row.");
        yield return Case(static () => s_x.CrossEntropy([0, 3]), "CrossEntropy: got class 3 in row 1, expected one from 0 to 2.");
        yield return Case(
            static () => Tensor<double>.Zeros([1, 0]).CrossEntropy([0]),
            "CrossEntropy: got class 0 in row 0, where there are no classes.");
        yield return Case(
            static () => s_x.CrossEntropy([0, 0], labelSmoothing: 2),
            "CrossEntropy: got labelSmoothing = 2, expected a number from 0 to 1.");
        yield return Case(
            static () => s_x.CrossEntropy([5, 5], ignoreClass: 5),
            "CrossEntropy: got 2 rows, 0 of them not ignored, with the total weight 0, expected at least one row with a "
                + "weight: there is nothing to take the mean of.");
        yield return Case(
            static () => s_x.BinaryCrossEntropy(2 * Tensor<double>.Ones([2, 3])),
            "BinaryCrossEntropy: got the target 2 at position 0, expected a probability from 0 to 1.");
        yield return Case(
            static () => (2 * Tensor<double>.Ones([2, 3])).BinaryCrossEntropy(s_x),
            "BinaryCrossEntropy: got the prediction 2 at position 0, expected a probability from 0 to 1.");
        yield return Case(
            static () => s_x.BinaryCrossEntropyWithLogits(s_v),
            "BinaryCrossEntropyWithLogits: got a prediction of shape [2, 3] and a target of shape [3], expected the same.");
        yield return Case(
            static () => s_x.KullbackLeibler(s_v),
            "KullbackLeibler: got a prediction of shape [2, 3] and a target of shape [3], expected the same.");
    }

    [TestCaseSource(nameof(Calls))]
    public void Refused(Action call, string message) =>
        Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));
}
