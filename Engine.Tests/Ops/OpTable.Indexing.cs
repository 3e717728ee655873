using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[] s_rows = [2, 0, 2, 1], s_elements = [0, 2, 1, 1, 2, 0];

    /// <summary>Parts of tensors, and tensors of parts.</summary>
    private static OpCase<T>[] Indexing =>
    [
        new(
            "Expand", "Expand", static x => x[0].Expand([2, 3, 4]) * 2, [[]], [[4]], [[3, 1]], [[2, 1, 4]], [[2, 3, 4]], [[1, 1, 1]])
        {
            Draw = static d => [d.Part(d.Any)],
            With = static (x, d) => x[0].Expand(new Shape(d.Any)) * 2,
        },
        new("Expand to nothing", "Expand", static x => x[0].Expand([0, 4]) * 2, [[]], [[4]], [[1, 4]], [[0, 4]])
        {
            Draw = static d => [d.Part([0, 4])],
        },
        // a constant: with another factor, differences disagree
        new("Detach", "Multiply", static x => x[0].Detach() * 0.0 + x[0] * 2, s_one) { Draw = Any },
        new("Squeeze and Unsqueeze", "Exp", static x => x[0].Unsqueeze(1).Exp().Squeeze(1) * x[0].Unsqueeze(-1).Squeeze(-1), s_withAxis)
        {
            Draw = WithAxis,
        },
        new("Flatten", "Exp", static x => x[0].Flatten().Exp() * x[0].Flatten(), s_one) { Draw = Any },
        new("Flatten some axes", "Exp", static x => x[0].Flatten(1, -1).Exp() * x[0].Flatten(1, 2), s_three) { Draw = Three },
        new("Outer", "Multiply", static x => x[0].Outer(x[1]), [[3], [4]], [[1], [5]], [[0], [2]], [[3], [3]])
        {
            Draw = static d => [[d.N], [d.A]],
        },
        new("Transpose two axes", "Permute", static x => x[0].Transpose(0, -1) * 2, s_three) { Draw = WithAxis },

        new("Slice of rows", "Slice", static x => x[0].Slice(1..), s_withAxis[1..^1]) { Draw = WithAxis },
        new("Slice of all", "Slice", static x => x[0].Slice(), s_one) { Draw = Any },
        new("Slice with steps", "Slice", static x => x[0].Slice(.., (1..^1, 2)), [[4, 7]], [[2, 5, 3]], [[0, 4]])
        {
            Draw = static d => [[d.N, d.A + 1, .. d.Rest]],
        },
        new("Slice of three axes", "Slice", static x => x[0].Slice(1..3, (.., 2), 0..2), [[3, 4, 5]], [[4, 1, 2]])
        {
            Draw = static d => [[d.A + 2, d.N, d.B + 1]],
        },
        new("Slice without elements", "Slice", static x => x[0].Slice(1..1), [[3]], [[2, 3]]) { Draw = static d => [[d.A, .. d.Rest]] },
        new("Slices that overlap", "Slice", static x => x[0].Slice(..3) * x[0].Slice(1..4), [[4]], [[5, 2]])
        {
            Draw = static d => [[d.A + 3, .. d.Rest]],
        },
        new("Select", "Slice", static x => x[0].Select(1, ^1) * 2, [[3, 4]], [[2, 3, 4]], [[0, 3]])
        {
            Draw = static d => [[d.N, d.A, .. d.Rest]],
        },
        new("Pad", "Pad", static x => x[0].Pad([(1, 2)], 0.5), [[3]], [[1]], [[2, 3]], [[0, 3]], [[3, 0]])
        {
            Draw = WithAxis,
            With = static (x, d) => x[0].Pad([(d.A - 1, d.B - 1)], 0.5),
        },
        new("Pad two axes", "Pad", static x => x[0].Pad([(0, 1), (2, 0)]), [[2, 3]], [[2, 2, 3]])
        {
            Draw = static d => [[.. d.Rest, d.N, d.C]],
            With = static (x, d) => x[0].Pad([(d.A - 1, d.B - 1), (d.D - 1, 0)]),
        },
        new("Split", "Slice", static x => x[0].Split(2, -1) is [var a, var b] ? a * b : default, [[4]], [[3, 6]], [[2, 3, 2]])
        {
            ReturnsArray = true,
            Draw = static d => [[.. d.Rest, 2 * d.A]],
        },
        new("Split unevenly", "Slice", static x => x[0].Split([1, 3, 0])[1], [[4]], [[4, 2]])
        {
            ReturnsArray = true,
            Draw = static d => [[4, .. d.Rest]],
        },

        new("Concat", "Concat", static x => Tensor<T>.Concat([x[0], x[1], x[0]], -1), [[3], [2]], [[2, 3], [2, 1]], [[2, 0], [2, 3]])
        {
            Draw = static d => [[.. d.Rest, d.A], [.. d.Rest, d.B]],
        },
        new("Concat rows", "Concat", static x => Tensor<T>.Concat([x[0], x[1]]), [[2, 3], [1, 3]], [[1], [1]], [[0, 2], [3, 2]])
        {
            Draw = static d => [[d.N, .. d.Rest], [d.A, .. d.Rest]],
        },
        new("Concat one", "Concat", static x => Tensor<T>.Concat([x[0]]), s_withAxis) { Draw = WithAxis },
        new("Stack", "Concat", static x => Tensor<T>.Stack([x[0], x[1]], 1), [[2, 3], [2, 3]], [[4], [4]], [[0, 2], [0, 2]])
        {
            Draw = static d => [[d.N, .. d.Rest], [d.N, .. d.Rest]],
        },
        new("Stack scalars", "Concat", static x => Tensor<T>.Stack([x[0], x[1], x[0]]), (int[][][])[[[], []]])
        {
            Draw = static d => [d.Any, d.Any],
        },

        new("IndexSelect", "IndexSelect", static x => x[0].IndexSelect(0, s_rows), [[3]], [[4, 3]], [[3, 2, 2]], [[3, 0]])
        {
            Draw = static d => [[d.A + 2, .. d.Rest]],
        },
        new("IndexSelect of the last axis", "IndexSelect", static x => x[0].IndexSelect(-1, s_rows), [[3]], [[2, 4]], [[0, 3]])
        {
            Draw = static d => [[.. d.Rest, d.A + 2]],
        },
        new("IndexSelect of nothing", "IndexSelect", static x => x[0].IndexSelect(0, []), [[3, 2]]) { Draw = static d => [[d.N, d.A]] },
        new("IndexAdd", "IndexAdd", static x => x[0].IndexAdd(0, s_rows, x[1]), [[3], [4]], [[3, 2], [4, 2]])
        {
            Draw = static d => [[d.A + 2, .. d.Rest], [4, .. d.Rest]],
        },
        new("IndexAdd to the last axis", "IndexAdd", static x => x[0].IndexAdd(-1, s_rows, x[1]), [[2, 3], [2, 4]])
        {
            Draw = static d => [[.. d.Rest, d.A + 2], [.. d.Rest, 4]],
        },
        new("Gather", "Gather", static x => x[0].Gather(1, s_elements), [[3, 3]], [[2, 4]], [[6, 3]])
        {
            Draw = static d => [[d.A, d.B]],
            With = static (x, d) => x[0].Gather(1, d.Indices(d.A * d.C, d.B)),
        },
        new("Gather of the first axis", "Gather", static x => x[0].Gather(0, s_elements), [[3, 2]], [[3]], [[4, 3, 1]])
        {
            Draw = static d => [[d.B, d.A]],
            With = static (x, d) => x[0].Gather(0, d.Indices(d.A * d.C, d.B)),
        },
        new("ScatterAdd", "ScatterAdd", static x => x[0].ScatterAdd(1, s_elements, x[1]), [[2, 3], [2, 3]], [[3, 4], [3, 2]])
        {
            Draw = static d => [[d.A, d.B], [d.A, d.C]],
            With = static (x, d) => x[0].ScatterAdd(1, d.Indices(d.A * d.C, d.B), x[1]),
        },
        new("LowerTriangle", "WhereGreater", static x => x[0].LowerTriangle(), [[3, 3]], [[2, 4, 3]], [[0, 2]])
        {
            Draw = static d => [[.. d.Rest, d.N, d.A]],
        },
        new("UpperTriangle", "WhereGreater", static x => x[0].UpperTriangle(1), [[3, 3]], [[2, 4, 3]])
        {
            Draw = static d => [[.. d.Rest, d.N, d.A]],
        },
    ];
}
