using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[] s_rows = [2, 0, 2, 1], s_elements = [0, 2, 1, 1, 2, 0];

    /// <summary>Parts of tensors, and tensors of parts.</summary>
    private static OpCase<T>[] Indexing =>
    [
        new(
            "Expand", "Expand", static x => x[0].Expand([2, 3, 4]) * 2, [[]], [[4]], [[3, 1]], [[2, 1, 4]], [[2, 3, 4]], [[1, 1, 1]]),
        new("Expand to nothing", "Expand", static x => x[0].Expand([0, 4]) * 2, [[]], [[4]], [[1, 4]], [[0, 4]]),
        // a constant: with another factor, differences disagree
        new("Detach", "Multiply", static x => x[0].Detach() * 0.0 + x[0] * 2, s_one),
        new("Squeeze and Unsqueeze", "Exp", static x => x[0].Unsqueeze(1).Exp().Squeeze(1) * x[0].Unsqueeze(-1).Squeeze(-1), s_withAxis),
        new("Flatten", "Exp", static x => x[0].Flatten().Exp() * x[0].Flatten(), s_one) { Domain = OpDomain.Any },
        new("Flatten some axes", "Exp", static x => x[0].Flatten(1, -1).Exp() * x[0].Flatten(1, 2), s_three),
        new("Outer", "Multiply", static x => x[0].Outer(x[1]), [[3], [4]], [[1], [5]], [[0], [2]], [[3], [3]]),
        new("Transpose two axes", "Permute", static x => x[0].Transpose(0, -1) * 2, s_three),

        new("Slice of rows", "Slice", static x => x[0].Slice(1..), s_withAxis[1..^1]),
        new("Slice of all", "Slice", static x => x[0].Slice(), s_one) { Domain = OpDomain.Any },
        new("Slice with steps", "Slice", static x => x[0].Slice(.., (1..^1, 2)), [[4, 7]], [[2, 5, 3]], [[0, 4]]),
        new("Slice of three axes", "Slice", static x => x[0].Slice(1..3, (.., 2), 0..2), [[3, 4, 5]], [[4, 1, 2]]),
        new("Slice without elements", "Slice", static x => x[0].Slice(1..1), [[3]], [[2, 3]]),
        new("Slices that overlap", "Slice", static x => x[0].Slice(..3) * x[0].Slice(1..4), [[4]], [[5, 2]]),
        new("Select", "Slice", static x => x[0].Select(1, ^1) * 2, [[3, 4]], [[2, 3, 4]], [[0, 3]]),
        new("Pad", "Embed", static x => x[0].Pad([(1, 2)], 0.5), [[3]], [[1]], [[2, 3]], [[0, 3]], [[3, 0]]),
        new("Pad two axes", "Embed", static x => x[0].Pad([(0, 1), (2, 0)]), [[2, 3]], [[2, 2, 3]]),
        new("Split", "Slice", static x => x[0].Split(2, -1) is [var a, var b] ? a * b : default, [[4]], [[3, 6]], [[2, 3, 2]])
        {
            ReturnsArray = true,
        },
        new("Split unevenly", "Slice", static x => x[0].Split([1, 3, 0])[1], [[4]], [[4, 2]]) { ReturnsArray = true },

        new("Concat", "Concat", static x => Tensor<T>.Concat([x[0], x[1], x[0]], -1), [[3], [2]], [[2, 3], [2, 1]], [[2, 0], [2, 3]]),
        new("Concat rows", "Concat", static x => Tensor<T>.Concat([x[0], x[1]]), [[2, 3], [1, 3]], [[1], [1]], [[0, 2], [3, 2]]),
        new("Concat one", "Concat", static x => Tensor<T>.Concat([x[0]]), s_withAxis),
        new("Stack", "Concat", static x => Tensor<T>.Stack([x[0], x[1]], 1), [[2, 3], [2, 3]], [[4], [4]], [[0, 2], [0, 2]]),
        new("Stack scalars", "Concat", static x => Tensor<T>.Stack([x[0], x[1], x[0]]), (int[][][])[[[], []]]),

        new("IndexSelect", "IndexSelect", static x => x[0].IndexSelect(0, s_rows), [[3]], [[4, 3]], [[3, 2, 2]], [[3, 0]]),
        new("IndexSelect of the last axis", "IndexSelect", static x => x[0].IndexSelect(-1, s_rows), [[3]], [[2, 4]], [[0, 3]]),
        new("IndexSelect of nothing", "IndexSelect", static x => x[0].IndexSelect(0, []), [[3, 2]]),
        new("IndexAdd", "IndexAdd", static x => x[0].IndexAdd(0, s_rows, x[1]), [[3], [4]], [[3, 2], [4, 2]]),
        new("IndexAdd to the last axis", "IndexAdd", static x => x[0].IndexAdd(-1, s_rows, x[1]), [[2, 3], [2, 4]]),
        new("Gather", "Gather", static x => x[0].Gather(1, s_elements), [[3, 3]], [[2, 4]], [[6, 3]]),
        new("Gather of the first axis", "Gather", static x => x[0].Gather(0, s_elements), [[3, 2]], [[3]], [[4, 3, 1]]),
        new("ScatterAdd", "ScatterAdd", static x => x[0].ScatterAdd(1, s_elements, x[1]), [[2, 3], [2, 3]], [[3, 4], [3, 2]]),
        new("LowerTriangle", "WhereGreater", static x => x[0].LowerTriangle(), [[3, 3]], [[2, 4, 3]], [[0, 2]]),
        new("UpperTriangle", "WhereGreater", static x => x[0].UpperTriangle(1), [[3, 3]], [[2, 4, 3]]),
    ];
}
