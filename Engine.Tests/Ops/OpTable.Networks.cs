using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static int[][][] Images =>
        [[[2, 3, 6, 4]], [[1, 1, 2, 2]], [[3, 2, 5, 7]], [[2, 2, 2, 9]], [[0, 2, 4, 4]], [[2, 0, 4, 4]]];

    private static int[][][] Sequences => [[[2, 3, 7]], [[1, 1, 2]], [[3, 2, 40]], [[0, 2, 4]]];

    /// <summary>The operations of layers: convolutions, pooling, normalization, embeddings.</summary>
    private static OpCase<T>[] Networks =>
    [
        new(
            "Conv2d", "Conv2d", static x => x[0].Conv2d(x[1], x[2]),
            [[2, 3, 6, 5], [4, 3, 3, 3], [4]], [[1, 1, 1, 1], [1, 1, 1, 1], [1]], [[3, 2, 4, 40], [14, 2, 2, 3], [14]],
            [[1, 2, 3, 3], [5, 2, 3, 3], [5]], [[0, 2, 3, 3], [5, 2, 3, 3], [5]], [[2, 0, 3, 3], [5, 0, 3, 3], [5]],
            [[2, 1, 3, 3], [0, 1, 2, 2], [0]]) { Draw = static d => d.Images(groups: 1, bias: true) },
        new(
            "Conv2d without bias, of one pixel", "Conv2d", static x => x[0].Conv2d(x[1]),
            [[2, 3, 6, 5], [4, 3, 1, 1]], [[2, 2, 1, 1], [2, 2, 1, 1]], [[3, 5, 1, 7], [13, 5, 1, 1]], [[1, 3, 3, 3], [1, 3, 3, 3]],
            [[0, 2, 3, 3], [5, 2, 1, 1]]) { Draw = static d => d.Images(groups: 1, bias: false) },
        new(
            "Conv2d with padding", "Conv2d", static x => x[0].Conv2d(x[1], x[2], padding: (1, 2)),
            [[2, 2, 5, 4], [3, 2, 3, 3], [3]], [[1, 1, 1, 1], [2, 1, 3, 5], [2]], [[2, 1, 9, 33], [2, 1, 2, 2], [2]],
            [[1, 1, 0, 0], [2, 1, 2, 2], [2]], [[1, 2, 3, 3], [2, 2, 1, 1], [2]])
        {
            Draw = static d => d.Images(groups: 1, bias: true),
            With = static (x, d) => x[0].Conv2d(x[1], x[2], padding: d.Padding),
        },
        new(
            "Conv2d with stride", "Conv2d", static x => x[0].Conv2d(x[1], x[2], stride: 2),
            [[2, 3, 7, 6], [4, 3, 3, 3], [4]], [[2, 3, 5, 5], [4, 3, 1, 1], [4]], [[1, 2, 2, 8], [3, 2, 2, 1], [3]])
        {
            Draw = static d => d.Images(groups: 1, bias: true),
            With = static (x, d) => x[0].Conv2d(x[1], x[2], stride: d.Stride),
        },
        new(
            "Conv2d with stride, padding, dilation and groups", "Conv2d",
            static x => x[0].Conv2d(x[1], default, (2, 1), (1, 1), (1, 2), groups: 2),
            [[2, 4, 7, 6], [6, 2, 3, 2]], [[1, 2, 2, 3], [2, 1, 1, 3]], [[1, 6, 5, 20], [4, 3, 2, 2]], [[0, 4, 7, 6], [6, 2, 3, 2]],
            [[2, 0, 3, 3], [4, 0, 2, 2]])
        {
            Draw = static d => d.Images(d.Groups, bias: false),
            With = static (x, d) => x[0].Conv2d(x[1], default, d.Stride, d.Padding, d.Dilation, d.Groups),
        },
        new(
            "Conv2d of channels one by one", "Conv2d", static x => x[0].Conv2d(x[1], x[2], padding: 1, groups: x[0].Shape[1]),
            [[2, 3, 6, 5], [3, 1, 3, 3], [3]], [[1, 4, 3, 3], [8, 1, 2, 3], [8]])
        {
            Draw = static d => [[d.N, d.A, d.Height, d.Width], [d.A * d.B, 1, d.Kernel.Height, d.Kernel.Width], [d.A * d.B]],
            With = static (x, d) => x[0].Conv2d(x[1], x[2], padding: d.Padding, groups: d.A),
        },
        new(
            "Conv1d", "Conv2d", static x => x[0].Conv1d(x[1], x[2]),
            [[2, 3, 9], [4, 3, 3], [4]], [[1, 1, 1], [1, 1, 1], [1]], [[3, 2, 70], [2, 2, 5], [2]], [[0, 3, 9], [4, 3, 3], [4]])
        {
            Draw = static d => [[d.N, d.A, d.Width], [d.B, d.A, d.Kernel.Width], [d.B]],
        },
        new(
            "Conv1d with all settings", "Conv2d",
            static x => x[0].Conv1d(x[1], stride: 2, padding: 3, dilation: 2, groups: 2), [[2, 4, 9], [6, 2, 3]], [[1, 2, 1], [2, 1, 4]])
        {
            Draw = static d => [[d.N, d.Groups * d.A, d.Width], [d.Groups * d.B, d.A, d.Kernel.Width]],
            With = static (x, d) => x[0].Conv1d(x[1], default, d.Stride.Width, d.Padding.Width, d.Dilation.Width, d.Groups),
        },
        new("MaxPool2d", "MaxPool2d", static x => x[0].MaxPool2d(2), Images)
        {
            Draw = static d => [[d.N, d.A, d.Height, d.Width]],
            With = static (x, d) => x[0].MaxPool2d(d.Kernel),
        },
        new("MaxPool2d of overlapping windows", "MaxPool2d", static x => x[0].MaxPool2d((2, 3), (1, 2), (1, 1)), Images)
        {
            Draw = static d => [[d.N, d.A, d.Height, d.Width]],
            With = static (x, d) => x[0].MaxPool2d(d.Kernel, d.Stride, d.HalfKernel),
        },
        new("MaxPool2d with gaps", "MaxPool2d", static x => x[0].MaxPool2d(1, 2), Images)
        {
            Draw = static d => [[d.N, d.A, d.Height, d.Width]],
        },
        new("MaxPool1d", "MaxPool2d", static x => x[0].MaxPool1d(2), Sequences)
        {
            Draw = static d => [[d.N, d.A, d.Width]],
            With = static (x, d) => x[0].MaxPool1d(d.Kernel.Width),
        },
        new("MaxPool1d of overlapping windows", "MaxPool2d", static x => x[0].MaxPool1d(3, 1, 1), Sequences)
        {
            Draw = static d => [[d.N, d.A, d.Width]],
            With = static (x, d) => x[0].MaxPool1d(d.Kernel.Width, d.Stride.Width, d.HalfKernel.Width),
        },
        new("AvgPool2d", "AvgPool2d", static x => x[0].AvgPool2d(2), Images)
        {
            Draw = static d => [[d.N, d.A, d.Height, d.Width]],
            With = static (x, d) => x[0].AvgPool2d(d.Kernel),
        },
        new("AvgPool2d of overlapping windows", "AvgPool2d", static x => x[0].AvgPool2d((2, 3), (1, 2), (1, 1)), Images)
        {
            Draw = static d => [[d.N, d.A, d.Height, d.Width]],
            With = static (x, d) => x[0].AvgPool2d(d.Kernel, d.Stride, d.HalfKernel),
        },
        new("AvgPool2d without padding", "AvgPool2d", static x => x[0].AvgPool2d((2, 3), 1, 1, countIncludesPadding: false), Images)
        {
            Draw = static d => [[d.N, d.A, d.Height, d.Width]],
            With = static (x, d) => x[0].AvgPool2d(d.Kernel, d.Stride, d.HalfKernel, countIncludesPadding: false),
        },
        new("AvgPool1d", "AvgPool2d", static x => x[0].AvgPool1d(2), Sequences)
        {
            Draw = static d => [[d.N, d.A, d.Width]],
            With = static (x, d) => x[0].AvgPool1d(d.Kernel.Width),
        },
        new("AvgPool1d of overlapping windows", "AvgPool2d", static x => x[0].AvgPool1d(3, 1, 1), Sequences)
        {
            Draw = static d => [[d.N, d.A, d.Width]],
            With = static (x, d) => x[0].AvgPool1d(d.Kernel.Width, d.Stride.Width, d.HalfKernel.Width),
        },
        new("GlobalAvgPool", "Mean", static x => x[0].GlobalAvgPool(), [[2, 3, 4, 2]], [[2, 3, 5]], [[1, 2, 1, 2, 2]], [[0, 2, 3]])
        {
            Draw = static d => [[d.N, d.A, .. d.Last]],
        },
        new("GlobalMaxPool", "MaxPool2d", static x => x[0].GlobalMaxPool(), [[2, 3, 4, 2]], [[2, 3, 5]], [[1, 2, 1, 2, 2]], [[0, 2, 3]])
        {
            Draw = static d => [[d.N, d.A, .. d.Last]],
        },
        new(
            "Global pools in place", "MaxPool2d",
            static x => x[0].GlobalMaxPool(keepDimensions: true) * x[0] + x[0].GlobalAvgPool(keepDimensions: true), [[2, 3, 4, 2]],
            [[2, 3, 5]]) { Draw = static d => [[d.N, d.A, .. d.Last]] },
        new("PRelu", "PRelu", static x => (x[0] - 1).PRelu(x[1]), [[3, 4], [1]], [[5], [1]], [[], [1]], [[2, 3, 4], [1]])
        {
            Draw = static d => [d.Any, [1]],
        },
        new(
            "PRelu of channels", "PRelu", static x => (x[0] - 1).PRelu(x[1]), [[2, 3], [3]], [[2, 3, 4], [3]], [[2, 3, 2, 2], [3]],
            [[0, 3], [3]]) { Draw = static d => [[d.N, d.A, .. d.Rest], [d.A]] },
    ];
}
