using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // properties, since fields of another part of the class may be set too late
    private static int[][][] Some => [[[5]], [[3, 4]], [[2, 3, 4]], [[2, 1, 3, 2]], [[70, 3]]];
    private static int[][][] OuterAndInner => [[[2, 3, 4]], [[2, 1, 3]], [[3, 2, 1, 2]]];

    /// <summary>Reductions along axes and running sums, and the normalizations that are made of them.</summary>
    private static OpCase<T>[] Reductions =>
    [
        new("Variance", "Variance", static x => x[0].Variance(), Some) { Draw = static d => [[d.A + 1, .. d.Full]] },
        new("Variance of the elements", "Variance", static x => x[0].Variance(correction: 0), [[]], [[1]], [[3, 4]], [[70, 3]])
        {
            Draw = Full,
        },
        new("Variance of the last axis", "Variance", static x =>
            x[0].Variance(-1, correction: 0.5), s_withAxis) { Draw = WithAxis },
        new("Variance of the first axis", "Variance", static x => x[0].Variance(0), [[5]], [[3, 4]], [[70, 3]], [[3, 0]])
        {
            Draw = static d => [[d.A + 1, .. d.Rest]],
        },
        new(
            "Variance of outer and inner axis, kept", "Variance", static x => x[0].Variance([0, 2], keepDimensions: true) * x[0],
            OuterAndInner) { Draw = static d => [[d.A + 1, d.B, d.C]] },
        new("StandardDeviation", "StandardDeviation", static x => x[0].StandardDeviation(), Some)
        {
            Draw = static d => [[d.A + 1, .. d.Full]],
        },
        new(
            "StandardDeviation of the last axis", "StandardDeviation", static x => x[0].StandardDeviation(-1, correction: 0),
            [[5]], [[3, 4]], [[2, 3, 4]], [[0, 3]]) { Draw = static d => [[.. d.Rest, d.A + 1]] },
        new("StandardDeviation of the first axis", "StandardDeviation", static x => x[0].StandardDeviation(0), [[5]], [[3, 4]], [[70, 3]])
        {
            Draw = static d => [[d.A + 1, .. d.Rest]],
        },
        new(
            "StandardDeviation of outer and inner axis, kept", "StandardDeviation",
            static x => x[0].StandardDeviation([0, 2], keepDimensions: true) * x[0], OuterAndInner)
        {
            Draw = static d => [[d.A + 1, d.B, d.C]],
        },
        new("Norm", "Norm", static x => x[0].Norm(), s_one) { Draw = Any },
        new("Norm, sum of absolute values", "Norm", static x => (x[0] - 1).Norm(p: 1), s_one) { Draw = Any },
        new("Norm by p = 3", "Norm", static x => x[0].Norm(p: 3), s_one) { Draw = Any },
        new("Norm of the last axis", "Norm", static x => x[0].Norm(-1), s_withAxis) { Draw = WithAxis },
        new("Norm by p = ½ of the first axis, kept", "Norm", static x =>
            x[0].Norm(0, keepDimensions: true, p: 0.5) * x[0], s_withAxis) { Draw = WithAxis },
        new("Norm by p = ∞ of the first axis", "Norm", static x =>
            (1 - x[0]).Norm(0, p: double.PositiveInfinity), s_withAxis) { Draw = WithAxis },
        new("Norm of outer and inner axis", "Norm", static x => x[0].Norm([0, 2], p: 1.5), s_three) { Draw = Three },
        new("LogSumExp", "LogSumExp", static x => x[0].LogSumExp(), [[]], [[1]], [[5]], [[3, 4]], [[70, 3]]) { Draw = Full },
        new("LogSumExp of the last axis", "LogSumExp", static x => x[0].LogSumExp(-1), s_withAxis) { Draw = WithAxis },
        new("LogSumExp of the first axis", "LogSumExp", static x => x[0].LogSumExp(0), [[5]], [[3, 4]], [[70, 3]], [[3, 0]])
        {
            Draw = static d => [[d.A, .. d.Rest]],
        },
        new(
            "LogSumExp of outer and inner axis, kept", "LogSumExp", static x => x[0].LogSumExp([0, 2], keepDimensions: true) * x[0],
            s_three) { Draw = Three },
        new("Max", "Max", static x => x[0].Max(), [[]], [[1]], [[5]], [[3, 4]], [[70, 3]]) { Draw = Full },
        new("Max of the last axis", "Max", static x => x[0].Max(-1), s_withAxis) { Draw = WithAxis },
        new("Max of the middle axis, kept", "Max", static x => x[0].Max(1, keepDimensions: true) * x[0], s_three) { Draw = Three },
        new("Max of outer and inner axis", "Max", static x => x[0].Max([0, 2]), OuterAndInner) { Draw = static d => [[d.A + 1, d.B, d.C]] },
        new("Min", "Min", static x => x[0].Min(), [[]], [[1]], [[5]], [[3, 4]], [[70, 3]]) { Draw = Full },
        new("Min of the last axis", "Min", static x => x[0].Min(-1), s_withAxis) { Draw = WithAxis },
        new("Min of outer and inner axis, kept", "Min", static x => x[0].Min([0, 2], keepDimensions: true) * x[0], OuterAndInner)
        {
            Draw = static d => [[d.A + 1, d.B, d.C]],
        },
        new("Product", "Product", static x => x[0].Product(), s_one) { Draw = Any },
        new("Product of the last axis", "Product", static x => x[0].Product(-1), s_withAxis) { Draw = WithAxis },
        new("Product of the first axis, kept", "Product", static x =>
            x[0].Product(0, keepDimensions: true) * x[0], s_withAxis) { Draw = WithAxis },
        new("Product of outer and inner axis", "Product", static x => x[0].Product([0, 2]), s_three) { Draw = Three },
        new("CumulativeSum of the last axis", "CumulativeSum", static x =>
            x[0].CumulativeSum(-1), s_withAxis) { Draw = WithAxis },
        new("CumulativeSum of the first axis", "CumulativeSum", static x =>
            x[0].CumulativeSum(0) * x[0], s_withAxis) { Draw = WithAxis },
        new("CumulativeSum of the middle axis", "CumulativeSum", static x => x[0].CumulativeSum(1), s_three) { Draw = Three },

        new(
            "GroupNorm", "GroupNorm", static x => x[0].GroupNorm(2, x[1], x[2]), [[3, 4, 5], [4], [4]], [[2, 6, 2, 3], [6], [6]],
            [[5, 8], [8], [8]], [[1, 2, 70], [2], [2]], [[0, 4, 3], [4], [4]], [[2, 4, 0], [4], [4]], [[0, 4], [4], [4]])
        {
            Draw = static d => [[d.N, d.Groups * (d.A + 1), .. d.Rest], [d.Groups * (d.A + 1)], [d.Groups * (d.A + 1)]],
            With = static (x, d) => x[0].GroupNorm(d.Groups, x[1], x[2]),
        },
        new("GroupNorm without scale", "GroupNorm", static x => x[0].GroupNorm(2), [[3, 4, 5]], [[2, 6]], [[2, 2, 3, 2]])
        {
            Draw = static d => [[d.N, d.Groups * (d.A + 1), .. d.Rest]],
            With = static (x, d) => x[0].GroupNorm(d.Groups),
        },
        new(
            "InstanceNorm", "GroupNorm", static x => x[0].InstanceNorm(x[1], x[2]), [[3, 4, 5], [4], [4]], [[2, 1, 2, 3], [1], [1]],
            [[0, 4, 3], [4], [4]]) { Draw = static d => [[d.N, d.A, d.B + 1, .. d.Rest], [d.A], [d.A]] },
        new("InstanceNorm without scale", "GroupNorm", static x => x[0].InstanceNorm(), [[3, 4, 5]], [[2, 1, 2, 3]])
        {
            Draw = static d => [[d.N, d.A, d.B + 1, .. d.Rest]],
        },
        new(
            "RmsNorm", "RmsNorm", static x => x[0].RmsNorm(x[1]), [[5, 7], [7]], [[2, 3, 4], [3, 4]], [[4], [4]], [[0, 3], [3]])
        {
            Draw = static d => [[.. d.Rest, .. d.Last], d.Last],
        },
        new("RmsNorm without scale", "RmsNorm", static x => x[0].RmsNorm(x[0].Shape, 0.01), [[7]], [[3, 4]], [[70]])
        {
            Draw = static d => [d.Last],
        },
    ];
}
