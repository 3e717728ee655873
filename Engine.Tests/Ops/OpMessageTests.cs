namespace Engine.Tests;

/// <summary>What operations say of arguments that they refuse: the operation that was called, what it got and what it expected.</summary>
internal sealed class OpMessageTests
{
    private static readonly Tensor<double> s_x = Tensor<double>.Zeros([2, 3]), s_v = Tensor<double>.Zeros([3]),
        s_image = Tensor<double>.Zeros([1, 4, 5, 5]);

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
        yield return Case(
            static () => s_x.Select(0, ^0), "Select: got index ^0 for axis 0 of the shape [2, 3], expected one from 0 to 1.");
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
        yield return Case(static () => Tensor<double>.Concat([]), "Concat: got no tensors, expected at least one. (Parameter 'parts')");
        yield return Case(static () => Tensor<double>.Stack([]), "Stack: got no tensors, expected at least one.");
        yield return Case(
            static () => Tensor<double>.Concat([s_x, s_v]),
            "Concat: got the shapes [2, 3] and, as part 1, [3], expected the same but for axis 0.");
        yield return Case(
            static () => Tensor<double>.Concat([s_x, Zeros(2, 4)]),
            "Concat: got the shapes [2, 3] and, as part 1, [2, 4], expected the same but for axis 0.");
        yield return Case(
            static () => Tensor<double>.Concat([s_x, s_x], 5),
            "Concat: got axis 5, expected one from -2 to 1 for the shape [2, 3].");
        yield return Case(
            static () => Tensor<double>.Stack([s_x, s_x, s_v]),
            "Stack: got the shapes [2, 3] and, as part 2, [3], expected the same.");
        yield return Case(
            static () => s_x.Expand([2, 4]),
            "Expand: got the shape [2, 4] for a tensor of shape [2, 3], expected one that it broadcasts to.");
        yield return Case(
            static () => s_x.Gather(1, [0]),
            "Gather: got 1 indices on axis 1 of the shape [2, 3], expected a multiple of 2.");
        yield return Case(
            static () => s_x.Gather(1, [0, 3]),
            "Gather: got index 3 at position 1 for axis 1 of the shape [2, 3], expected one from 0 to 2.");
        yield return Case(
            static () => Zeros(0, 3).Gather(1, [0]),
            "Gather: got 1 indices on axis 1 of the shape [0, 3], expected a multiple of 0.");
        yield return Case(
            static () => Zeros(2, 0).IndexSelect(1, [0]),
            "IndexSelect: got index 0 at position 0 for axis 1 of the shape [2, 0], expected none: the axis has no elements.");
        yield return Case(
            static () => s_x.IndexAdd(0, [0], s_x),
            "IndexAdd: got a source of shape [2, 3] for 1 indices on axis 0 of the shape [2, 3], expected [1, 3].");
        yield return Case(
            static () => s_x.IndexAdd(0, [0, 2], s_x),
            "IndexAdd: got index 2 at position 1 for axis 0 of the shape [2, 3], expected one from 0 to 1.");
        yield return Case(
            static () => s_x.ScatterAdd(0, [0], s_x),
            "ScatterAdd: got a source of shape [2, 3] and 1 indices on axis 0 of the shape [2, 3], expected the same shape "
                + "but for the axis, and an index for each element.");
        yield return Case(
            static () => s_x.ScatterAdd(0, [0, 0, 0, 0, 0, 2], s_x),
            "ScatterAdd: got index 2 at position 5 for axis 0 of the shape [2, 3], expected one from 0 to 1.");
        yield return Case(
            static () => s_x.ScatterAdd(0, [0, 0, 0], s_v),
            "ScatterAdd: got a source of shape [3] and 3 indices on axis 0 of the shape [2, 3], expected the same shape but "
                + "for the axis,");
        yield return Case(
            static () => s_x.ScatterAdd(0, [0, 0, 0, 0], Zeros(1, 4)),
            "ScatterAdd: got a source of shape [1, 4] and 4 indices on axis 0 of the shape [2, 3], expected the same shape but");
        yield return Case(static () => s_x.Slice(.., .., ..), "Slice: got 3 ranges for the shape [2, 3], expected at most 2.");
        yield return Case(
            static () => s_x.Split(2, 1)[0],
            "Split: got 2 parts for axis 1 of the shape [2, 3], expected a number that divides 3.");
        yield return Case(
            static () => s_x.Split(0, 0)[0],
            "Split: got 0 parts for axis 0 of the shape [2, 3], expected a number that divides 2.");
        yield return Case(
            static () => s_x.Split([-1, 3], 0)[0],
            "Split: got the extents [-1, 3] for axis 0 of the shape [2, 3], expected non-negative numbers that add up to "
                + "that of the axis.");
        yield return Case(
            static () => s_x.Split([-1, 4, -1], 0)[0],
            "Split: got the extents [-1, 4, -1] for axis 0 of the shape [2, 3], expected non-negative numbers");
        yield return Case(static () => s_x.Squeeze(0), "Squeeze: got axis 0 of the shape [2, 3], expected one of extent 1.");
        yield return Case(static () => s_x.Unsqueeze(3), "Unsqueeze: got axis 3 for the shape [2, 3], expected one from -3 to 2.");
        yield return Case(static () => s_x.Unsqueeze(-4), "Unsqueeze: got axis -4 for the shape [2, 3], expected one from -3 to 2.");
        yield return Case(
            static () => Zeros(1, 1, 1, 1, 1, 1).Unsqueeze(0),
            "Unsqueeze: got the shape [1, 1, 1, 1, 1, 1], expected fewer than 6 axes.");
        yield return Case(static () => s_v.LowerTriangle(), "LowerTriangle: got the shape [3], expected at least two axes.");
        yield return Case(static () => s_v.UpperTriangle(), "UpperTriangle: got the shape [3], expected at least two axes.");
        yield return Case(static () => s_v.Outer(s_x), "Outer: got the shapes [3] and [2, 3], expected two vectors.");
        yield return Case(static () => s_x.Outer(s_v), "Outer: got the shapes [2, 3] and [3], expected two vectors.");
        yield return Case(
            static () => s_x.PRelu(Zeros(2)),
            "PRelu: got a weight of shape [2] for the shape [2, 3], expected [1] or [channels].");
        yield return Case(static () => s_x.Pad([(0, 0), (0, 0), (0, 0)]), "Pad: got 3 amounts for the shape [2, 3], expected at most 2.");
        yield return Case(static () => s_x.Flatten(1, 0), "Flatten: got the axes 1 to 0 of the shape [2, 3], expected them in order.");
        yield return Case(
            static () => s_x.Reshape(5, -1),
            "Reshape: got [5, -1] for 6 elements of shape [2, 3], expected a shape whose other extents divide that number.");
        yield return Case(
            static () => Zeros(2, 6).GruCell(Zeros(2, 5), Zeros(2, 2)),
            "GruCell: got gates of shapes [2, 6] and [2, 5] and a hidden state of shape [2, 2], expected [batch, 3·hidden] "
                + "twice and [batch, hidden].");
        yield return Case(
            static () => Zeros(2, 6).GruCell(Zeros(2, 6), Zeros(2)),
            "GruCell: got gates of shapes [2, 6] and [2, 6] and a hidden state of shape [2], expected");
        yield return Case(
            static () => Zeros(2, 6).GruCell(Zeros(2, 6), Zeros(3, 2)),
            "GruCell: got gates of shapes [2, 6] and [2, 6] and a hidden state of shape [3, 2], expected");
        yield return Case(
            static () => Zeros(2, 6).GruCell(Zeros(2, 6), Zeros(2, 3)),
            "GruCell: got gates of shapes [2, 6] and [2, 6] and a hidden state of shape [2, 3], expected");
        yield return Case(
            static () => Zeros(6).GruCell(Zeros(6), Zeros(2, 2)),
            "GruCell: got gates of shapes [6] and [6] and a hidden state of shape [2, 2], expected");
        yield return Case(
            static () => Zeros(2, 8).LstmCell(Zeros(2, 7), Zeros(2, 2)),
            "LstmCell: got gates of shapes [2, 8] and [2, 7] and a cell of shape [2, 2], expected [batch, 4·hidden] twice "
                + "and [batch, hidden].");
        yield return Case(
            static () => Zeros(2, 8).LstmCell(Zeros(2, 8), Zeros(2)),
            "LstmCell: got gates of shapes [2, 8] and [2, 8] and a cell of shape [2], expected");
        yield return Case(
            static () => Zeros(2, 8).LstmCell(Zeros(2, 8), Zeros(3, 2)),
            "LstmCell: got gates of shapes [2, 8] and [2, 8] and a cell of shape [3, 2], expected");
        yield return Case(
            static () => Zeros(2, 8).LstmCell(Zeros(2, 8), Zeros(2, 3)),
            "LstmCell: got gates of shapes [2, 8] and [2, 8] and a cell of shape [2, 3], expected");
        yield return Case(
            static () => Zeros(8).LstmCell(Zeros(8), Zeros(2, 2)),
            "LstmCell: got gates of shapes [8] and [8] and a cell of shape [2, 2], expected");
        yield return Case(
            static () => s_x.BatchNorm(s_v, default, 1e-5, out _),
            "BatchNorm: got a weight of shape [3] and a bias that is missing for the shape [2, 3], expected [3] for both.");
        yield return Case(
            static () => s_x.BatchNorm(default, s_v, 1e-5, out _),
            "BatchNorm: got a weight that is missing and a bias of shape [3] for the shape [2, 3], expected [3] for both.");
        yield return Case(
            static () => s_x.BatchNorm(s_v, Zeros(2), 1e-5, out _),
            "BatchNorm: got a weight of shape [3] and a bias of shape [2] for the shape [2, 3], expected [3] for both.");
        yield return Case(
            static () => s_x.BatchNorm(Zeros(2), s_v, 1e-5, out _),
            "BatchNorm: got a weight of shape [2] and a bias of shape [3] for the shape [2, 3], expected [3] for both.");
        yield return Case(
            static () => s_x.BatchNorm(s_v, s_v, -1, out _), "BatchNorm: got ε = -1, expected a number that is not negative.");
        yield return Case(
            static () => s_v.BatchNorm(default, default, 1e-5, out _),
            "BatchNorm: got the shape [3], expected [batch, channels] or [batch, channels, ..].");
        yield return Case(
            static () => Zeros(1, 3).BatchNorm(s_v, s_v, 1e-5, out _),
            "BatchNorm: got the shape [1, 3] with 1 values in each channel, expected more than one to take mean and variance of.");
        yield return Case(
            static () => s_x.BatchNorm(s_v, Zeros(2), s_v, s_v, 1e-5),
            "BatchNorm: got a mean of shape [3] and a variance of shape [2] for the shape [2, 3], expected [3].");
        yield return Case(
            static () => s_x.LayerNorm(s_v, Zeros(2)),
            "LayerNorm: got a weight of shape [3] and a bias of shape [2], expected the same.");
        yield return Case(static () => s_x.InstanceNorm(), "InstanceNorm: got the shape [2, 3], expected [batch, channels, length, ..].");
        yield return Case(
            static () => Zeros(2, 0, 3).InstanceNorm(),
            "InstanceNorm: got the shape [2, 0, 3], expected [batch, channels, length, ..].");
        yield return Case(
            static () => s_x.InstanceNorm(s_v, s_v),
            "InstanceNorm: got the shape [2, 3], expected [batch, channels, length, ..].");
        yield return Case(
            static () => Zeros(2, 3, 4).InstanceNorm(epsilon: -1), "InstanceNorm: got ε = -1, expected a number that is not negative.");
        yield return Case(
            static () => Zeros(2, 3, 4).InstanceNorm(s_v, s_v, -1),
            "InstanceNorm: got ε = -1, expected a number that is not negative.");
        yield return Case(
            static () => s_x.GroupNorm(2, s_v, s_v),
            "GroupNorm: got 2 groups for the shape [2, 3], expected a number that divides the 3 channels.");
        yield return Case(
            static () => s_x.GroupNorm(3, s_v, Zeros(2)),
            "GroupNorm: got a weight of shape [3] and a bias of shape [2] for the shape [2, 3], expected [3] for both.");
        yield return Case(
            static () => s_x.Dropout(1.5, RandomKey.FromSeed(1)),
            "Dropout: got the probability 1.5, expected one from 0 to below 1.");
        yield return Case(static () => Tensor<double>.OneHot([0], 0), "OneHot: got 0 classes, expected at least 1.");
        yield return Case(
            static () => s_x.EqualTo(Zeros(4)),
            "EqualTo: the shapes [2, 3] and [4] do not broadcast: axis -1 has 3 and 4, expected equal extents or a 1.");
        yield return Case(static () => s_x.NotEqualTo(Zeros(4)), "NotEqualTo: the shapes [2, 3] and [4] do not broadcast");
        yield return Case(static () => s_x.Less(Zeros(4)), "Less: the shapes [2, 3] and [4] do not broadcast");
        yield return Case(static () => s_x.LessOrEqual(Zeros(4)), "LessOrEqual: the shapes [2, 3] and [4] do not broadcast");
        yield return Case(static () => s_x.Greater(Zeros(4)), "Greater: the shapes [2, 3] and [4] do not broadcast");
        yield return Case(static () => s_x.GreaterOrEqual(Zeros(4)), "GreaterOrEqual: the shapes [2, 3] and [4] do not broadcast");
        yield return Case(static () => s_x.MatMul(s_x), "MatMul: got the shapes [2, 3] and [2, 3]: inner dimensions differ: 3 and 2.");
        yield return Case(
            static () => s_x.MatMul(s_x, transposeA: true, transposeB: true),
            "MatMul: got the shapes [2, 3] transposed and [2, 3] transposed: inner dimensions differ: 2 and 3.");
        yield return Case(
            static () => s_x.Linear(s_x, s_v),
            "Linear: got a bias of shape [3] for a weight of shape [2, 3], expected [outputs] and [outputs, inputs].");
        yield return Case(
            static () => s_x.Linear(Zeros(4, 5)),
            "Linear: got an input of shape [2, 3] for a weight of shape [4, 5], expected [.., inputs] and [outputs, inputs].");
        yield return Case(
            static () => s_x.Conv1d(s_x),
            "Conv1d: got an input of shape [2, 3] for a weight of shape [2, 3], expected [batch, channels, length] and "
                + "[outputs, channels / groups, kernel].");
        yield return Case(
            static () => s_x.Conv2d(s_x),
            "Conv2d: got an input of shape [2, 3] for a weight of shape [2, 3], expected [batch, channels, height, width] "
                + "and [outputs, channels / groups, kernel height, kernel width].");
        yield return Case(
            static () => s_image.Conv2d(Weight(2, 4), padding: -1),
            "Conv2d: got the padding -1, expected at least 0. (Parameter 'padding')");
        yield return Case(
            static () => s_image.Conv2d(Weight(2, 4), padding: (int.MaxValue / 2) + 1),
            "Conv2d: got the shape [1, 4, 5, 5] with an extent of 2147483653 after padding, expected at most 2147483647.");
        yield return Case(
            static () => s_image.Conv2d(Zeros(2, 4, 7, 7)),
            "Conv2d: got the shape [1, 4, 5, 5] with an extent of 5 after padding, expected at least the kernel size 7.");
        yield return Case(
            static () => s_image.Conv2d(Weight(2, 3), groups: 2),
            "Conv2d: got a weight of shape [2, 3, 3, 3] for an input of shape [1, 4, 5, 5] and 2 groups, expected 2 "
                + "channels in the weight.");
        yield return Case(
            static () => s_image.MaxPool2d(3, padding: 2),
            "MaxPool2d: got the padding 2 for the kernel size 3, expected at most half of it, 1. (Parameter 'padding')");
        yield return Case(
            static () => s_image.AvgPool2d(9),
            "AvgPool2d: got the shape [1, 4, 5, 5] with an extent of 5 after padding, expected at least the kernel size 9.");
        yield return Case(
            static () => s_x.GlobalMaxPool(),
            "GlobalMaxPool: got the shape [2, 3], expected [batch, channels, ..] with at least one further axis.");
    }

    [TestCaseSource(nameof(Calls))]
    public void Refused(Action call, string message) =>
        Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));

    private static Tensor<double> Zeros(params ReadOnlySpan<int> extents) => Tensor<double>.Zeros(new Shape(extents));

    private static Tensor<double> Weight(int outputs, int channels) => Tensor<double>.Zeros([outputs, channels, 3, 3]);

    /// <summary>A call, and how its message begins.</summary>
    internal static TestCaseData Case(Func<Tensor<double>> call, string message) =>
        new TestCaseData((Action)(() => _ = call()), message).SetArgDisplayNames(message.Replace('.', ' '));
}
