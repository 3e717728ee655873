namespace Engine.Tests;

/// <summary>What operations say of arguments that they refuse: the operation that was called, what it got and what it expected.</summary>
internal sealed class OpMessageTests
{
    private static readonly Tensor<double> s_x = Tensor<double>.Zeros([2, 3]), s_image = Tensor<double>.Zeros([1, 4, 5, 5]);

    public static IEnumerable<TestCaseData> Calls()
    {
        yield return Case(
            static () => Tensor<double>.Zeros([0]).Pad([(int.MaxValue, 1)]),
            "Pad: got 2147483647 before and 1 after axis 0 of the shape [0], expected an extent of at most 2147483647.");
        yield return Case(
            static () => Tensor<double>.Zeros([1]).Pad([(int.MaxValue - 1, 0)]), "Pad: got the shape [2147483647], expected at most ");
        yield return Case(
            static () => s_x.Pad([(-1, 0)]), "Pad: got -1 before and 0 after axis 1 of the shape [2, 3], expected non-negative numbers.");
        Tensor<double> wide = Tensor<double>.Zeros([0, int.MaxValue]);
        yield return Case(
            () => Tensor<double>.Concat([wide, wide], 1),
            "Concat: got parts with 4294967294 elements on axis 1 together, expected at most 2147483647.");
        yield return Case(
            static () => Tensor<double>.Stack([s_x, s_x], axis: 9), "Stack: got axis 9 for the shape [2, 3], expected one from -3 to 2.");
        yield return Case(static () => s_x.Unsqueeze(9), "Unsqueeze: got axis 9 for the shape [2, 3], expected one from -3 to 2.");
        yield return Case(static () => Tensor<double>.Eye(-1), "Eye: got the extents [-1, -1], expected non-negative numbers.");
        yield return Case(static () => s_x.Select(0, ^0), "Select: got index ^0 for axis 0 of the shape [2, 3], expected one from 0 to 1.");
        yield return Case(
            static () => s_x.IndexSelect(0, [0, 2]),
            "IndexSelect: got index 2 at position 1 for axis 0 of the shape [2, 3], expected one from 0 to 1.");
        yield return Case(
            static () => Tensor<double>.OneHot([0, 3], 3), "OneHot: got class 3 at position 1, expected one from 0 to 2.");
        yield return Case(
            static () => Tensor<double>.OneHot([-1], 3), "OneHot: got class -1 at position 0, expected one from 0 to 2.");
        yield return Case(static () => s_x.Split([1, 2])[0], "Split: got the extents [1, 2] for axis 0 of the shape [2, 3], expected");
        yield return Case(
            static () => s_image.Conv2d(Weight(2, 4), groups: 0), "Conv2d: got 0 groups, expected at least 1.");
        yield return Case(
            static () => s_image.Conv2d(Weight(3, 1), groups: 3),
            "Conv2d: got 3 groups for the 4 channels of an input of shape [1, 4, 5, 5], expected a number that divides the channels.");
        yield return Case(
            static () => s_image.Conv2d(Weight(3, 2), groups: 2),
            "Conv2d: got 2 groups for the 3 outputs of a weight of shape [3, 2, 3, 3], expected a number that divides the outputs.");
        yield return Case(
            static () => s_image.Conv2d(Weight(2, 3)),
            "Conv2d: got a weight of shape [2, 3, 3, 3] for an input of shape [1, 4, 5, 5] and 1 groups, expected 4 channels");
        yield return Case(
            static () => s_image.Conv2d(Weight(2, 4), dilation: 3),
            "Conv2d: got the shape [1, 4, 5, 5] with an extent of 5 after padding, expected at least the 7 of 3 taps with dilation 3.");
    }

    [TestCaseSource(nameof(Calls))]
    public void Refused(Action call, string message) =>
        Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));

    private static Tensor<double> Weight(int outputs, int channels) => Tensor<double>.Zeros([outputs, channels, 3, 3]);

    private static TestCaseData Case(Func<Tensor<double>> call, string message) =>
        new TestCaseData((Action)(() => _ = call()), message).SetArgDisplayNames(message.Replace('.', ' '));
}
