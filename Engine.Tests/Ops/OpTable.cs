using System.Numerics;

namespace Engine.Tests;

/// <summary>
/// Every operation and loss, in every way it can be called. <see cref="OpCoverageTests"/> fails for one that no row calls.
/// </summary>
internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[][][] s_one = [[[]], [[1]], [[5]], [[3, 4]], [[2, 1, 3, 2]], [[70, 3]], [[0, 3]]];
    private static readonly int[][][] s_withAxis = [[[1]], [[5]], [[3, 4]], [[1, 4]], [[2, 3, 4]], [[2, 1, 3, 2]], [[70, 3]], [[0, 3]]];
    private static readonly int[][][] s_matrices = [[[3, 4]], [[1, 5]], [[33, 17]], [[0, 3]]];
    private static readonly int[][][] s_three = [[[2, 3, 4]], [[1, 2, 1]], [[0, 2, 3]]];
    private static readonly int[][][] s_two =
    [
        [[], []], [[3], [3]], [[2, 3], [3]], [[3], [2, 3]], [[2, 3], [2, 1]], [[2, 1], [1, 4]], [[], [2, 2]], [[2, 1, 3], [4, 1]],
        [[1], [1, 1, 1]], [[65], [65]], [[0, 3], [3]], [[2, 1], [2, 0]],
    ];

    private static readonly RandomKey s_key = RandomKey.FromSeed(8);
    private static readonly int[] s_classes = [0, 3, 1, 1, 2];
    private static readonly Tensor<T> s_threshold = Tensor<T>.From(T.One);
    private static readonly Tensor<T> s_target = Tensor<T>.Full([5, 4], T.CreateTruncating(0.3));
    private static readonly Tensor<T> s_weights = Tensor<T>.From(Array.ConvertAll((double[])[0.5, 2, 1, 0.7], T.CreateTruncating));

    public static IReadOnlyList<OpCase<T>> All { get; } =
    [
        Two("a + b", "Add", static x => x[0] + x[1]),
        Two("a - b", "Subtract", static x => x[0] - x[1]),
        Two("a * b", "Multiply", static x => x[0] * x[1]),
        Two("a / b", "Divide", static x => x[0] / x[1]),
        Two("a / b * (a - b) + b", "Divide", static x => x[0] / x[1] * (x[0] - x[1]) + x[1]),
        Two("max(a, b)", "Maximum", static x => Tensor<T>.Maximum(x[0], x[1])),
        Two("min(a, b)", "Minimum", static x => Tensor<T>.Minimum(x[0], x[1])),
        Two("a to the b", "Pow", static x => Tensor<T>.Pow(x[0], x[1])) with { IsPositive = static i => i == 0 },
        Two("a user's function of two numbers", "Hypotenuse", static x => Tensor<T>.Apply(new Hypotenuse(0.7), x[0], x[1])),
        Two("then where a > b else otherwise", "WhereGreater", static x => Tensor<T>.WhereGreater(x[0], x[1], x[1], x[0])),
        new(
            "then where 1 > a else otherwise", "WhereGreater", static x => Tensor<T>.WhereGreater(s_threshold, x[0], x[1], x[2]),
            [[3], [2, 3], [3]], [[], [], [2]]) { Draw = static d => d.Broadcast(3) },

        One("x + 2", "Add", static x => x[0] + 2.0),
        One("2 + x", "Add", static x => 2.0 + x[0]),
        One("x - 2", "Subtract", static x => x[0] - 2.0),
        One("1 - x", "Subtract", static x => 1.0 - x[0]),
        One("x * 3", "Multiply", static x => x[0] * 3.0),
        One("3 * x", "Multiply", static x => 3.0 * x[0]),
        One("x / 3", "Divide", static x => x[0] / 3.0),
        One("3 / x", "Divide", static x => 3.0 / x[0]),
        One("-x", "Negate", static x => -x[0]),
        One("Negate", "Negate", static x => x[0].Negate()),
        One("Abs", "Abs", static x => x[0].Abs()),
        One("Exp", "Exp", static x => x[0].Exp()),
        One("Log", "Log", static x => x[0].Log()) with { IsPositive = static _ => true },
        One("Relu", "Relu", static x => x[0].Relu()),
        One("Sigmoid", "Sigmoid", static x => x[0].Sigmoid()),
        One("Sign", "Sign", static x => x[0].Sign()),
        One("Sqrt", "Sqrt", static x => x[0].Sqrt()) with { IsPositive = static _ => true },
        One("Square", "Square", static x => x[0].Square()),
        One("Tanh", "Tanh", static x => x[0].Tanh()),
        One("a user's function of one number", "Swish", static x => x[0].Apply(new Swish(1.5))),
        One("two parameters of one function", "Swish", static x => x[0].Apply(new Swish(1.5)).Apply(new Swish(-0.5))),
        One("Dropout", "Dropout", static x => x[0].Dropout(0.4, s_key, first: 3)),

        new("Sum", "Sum", static x => x[0].Sum(), s_one) { Draw = Any },
        new("Sum of the first axis, kept", "Sum", static x =>
            x[0].Sum(0, keepDimensions: true) * x[0], s_withAxis) { Draw = WithAxis },
        new("Sum of the last axis", "Sum", static x => x[0].Sum(-1), s_withAxis) { Draw = WithAxis },
        new("Sum of no axis", "Sum", static x => x[0].Sum([]) * x[0], s_one) { Draw = Any },
        new("Sum of outer and inner axis", "Sum", static x => x[0].Sum([0, 2]), s_three) { Draw = Three },
        new("Mean", "Mean", static x => x[0].Mean(), [[]], [[1]], [[5]], [[3, 4]], [[70, 3]]) { Draw = Full },
        new("Mean of the last axis", "Mean", static x => x[0].Mean(-1), s_withAxis) { Draw = WithAxis },
        new("Mean of outer and inner axis, kept", "Mean", static x => x[0].Mean([-1, 0], keepDimensions: true) * x[0], s_three)
        {
            Draw = Three,
        },
        new("Reshape", "Exp", static x => x[0].Reshape(-1, 1).Exp() + x[0].Reshape(1, x[0].Length), [[5]], [[3, 4]], [[2, 3, 2]])
        {
            Draw = Full,
        },
        new(
            "Reshape to a shape", "Exp", static x => x[0].Exp().Reshape(new Shape(x[0].Length)) * x[0].Reshape(new Shape(x[0].Length)),
            s_one) { Draw = Any },
        new("Permute", "Permute", static x => x[0].Permute(2, 0, 1), s_three) { Draw = Three },
        new("Permute two axes", "Permute", static x => x[0].Permute(-1, 0) * 2, s_matrices) { Draw = static d => [[d.N, d.A]] },
        new("Transpose", "Permute", static x => x[0].Transpose() * 2, s_matrices) { Draw = static d => [[d.N, d.A]] },
        new("Softmax", "Softmax", static x => x[0].Softmax(), s_withAxis) { Draw = WithAxis },
        new("Softmax of the first axis", "Softmax", static x => x[0].Softmax(0), s_withAxis) { Draw = WithAxis },
        new("LogSoftmax", "LogSoftmax", static x => x[0].LogSoftmax(), s_withAxis) { Draw = WithAxis },
        new("LogSoftmax of the first axis", "LogSoftmax", static x => x[0].LogSoftmax(0), s_withAxis) { Draw = WithAxis },

        new("MatMul", "MatMul", static x => x[0].MatMul(x[1]),
            [[4], [4]], [[3, 4], [4]], [[4], [4, 5]], [[3, 4], [4, 5]], [[2, 3, 4], [4, 5]], [[3, 4], [2, 4, 5]],
            [[2, 1, 3, 4], [5, 4, 2]], [[2, 4], [3, 4, 1]], [[3, 3], [3, 3]], [[3, 0], [0, 2]], [[2, 3, 0], [2, 0, 2]])
        {
            Draw = static d => d.Product(vectors: true),
        },
        new(
            "MatMul of a transpose", "MatMul", static x => x[0].MatMul(x[1], transposeA: true), [[4, 3], [4, 5]], [[4, 3], [2, 4, 5]],
            [[2, 4, 3], [2, 4, 5]], [[3, 3], [3, 3]]) { Draw = static d => d.Product(transposeA: true) },
        new(
            "MatMul by a transpose", "MatMul", static x => x[0].MatMul(x[1], transposeB: true), [[3, 4], [5, 4]], [[3, 4], [2, 5, 4]],
            [[2, 3, 4], [5, 4]], [[1, 4], [3, 1, 4]], [[3, 3], [3, 3]]) { Draw = static d => d.Product(transposeB: true) },
        new(
            "MatMul of two transposes", "MatMul", static x => x[0].MatMul(x[1], transposeA: true, transposeB: true), [[4, 3], [5, 4]],
            [[2, 4, 3], [5, 4]], [[3, 3], [3, 3]]) { Draw = static d => d.Product(transposeA: true, transposeB: true) },
        new(
            "Linear", "Linear", static x => x[0].Linear(x[1], x[2]), [[4, 5], [3, 5], [3]], [[2, 3, 5], [3, 5], [3]], [[5], [3, 5], [3]],
            [[0, 5], [3, 5], [3]]) { Draw = static d => [[.. d.Rest, d.A], [d.B, d.A], [d.B]] },
        new("Linear without bias", "Linear", static x => x[0].Linear(x[1]), [[4, 5], [3, 5]], [[2, 3, 5], [3, 5]], [[3, 3], [3, 3]])
        {
            Draw = static d => [[.. d.Rest, d.A], [d.B, d.A]],
        },
        new(
            "LayerNorm", "LayerNorm", static x => x[0].LayerNorm(x[1], x[2]), [[5, 7], [7], [7]], [[2, 3, 4], [3, 4], [3, 4]],
            [[4], [4], [4]], [[0, 3], [3], [3]]) { Draw = static d => [[.. d.Rest, .. d.Last], d.Last, d.Last] },
        new("LayerNorm without scale", "LayerNorm", static x => x[0].LayerNorm(x[0].Shape), [[7]], [[3, 4]], [[70]])
        {
            Draw = static d => [d.Last],
        },
        new("BatchNorm", "BatchNorm", static x => x[0].BatchNorm(x[1], x[2], 1e-5, out _), [[6, 3], [3], [3]], [[2, 3, 4, 2], [3], [3]])
        {
            Draw = static d => [[d.A + 1, d.B, .. d.Last], [d.B], [d.B]],
        },
        new("BatchNorm without scale", "BatchNorm", static x => x[0].BatchNorm(default, default, 1e-5, out _), [[5, 3]], [[2, 2, 3]])
        {
            Draw = static d => [[d.A + 1, d.B, .. d.Last]],
        },
        new(
            "BatchNorm by given statistics", "BatchNorm", static x => x[0].BatchNorm(s_weights, s_weights, x[1], x[2], 1e-5),
            [[5, 4], [4], [4]], [[2, 4, 3], [4], [4]], [[0, 4], [4], [4]]) { Draw = static d => [[d.N, 4, .. d.Rest], [4], [4]] },

        new("CrossEntropy", "CrossEntropy", static x => x[0].CrossEntropy(s_classes), [[5, 4]])
        {
            Draw = static d => [[d.A, d.B]],
            With = static (x, d) => x[0].CrossEntropy(d.Classes(x[0].Shape)),
        },
        new(
            "CrossEntropy, sum, part of a sum", "CrossEntropy",
            static x => 3 * x[0].CrossEntropy(s_classes, LossReduction.Sum) + x[0].Sum(), [[5, 4]])
        {
            Draw = static d => [[d.A, d.B]],
            With = static (x, d) => 3 * x[0].CrossEntropy(d.Classes(x[0].Shape), LossReduction.Sum) + x[0].Sum(),
        },
        new("CrossEntropy of each", "CrossEntropy", static x => x[0].CrossEntropy(s_classes, LossReduction.None), [[5, 4]])
        {
            Draw = static d => [[d.A, d.B]],
            With = static (x, d) => x[0].CrossEntropy(d.Classes(x[0].Shape), LossReduction.None),
        },
        new(
            "CrossEntropy with all options", "CrossEntropy",
            static x => x[0].CrossEntropy(s_classes, LossReduction.Mean, s_weights, ignoreClass: 3, labelSmoothing: 0.2), [[5, 4]])
        {
            Draw = static d => [[d.A, 4]],
            With = static (x, d) =>
                x[0].CrossEntropy(d.Classes(x[0].Shape), LossReduction.Mean, s_weights, ignoreClass: 3, labelSmoothing: 0.2),
        },
        new(
            "CrossEntropy of each with all options", "CrossEntropy",
            static x => x[0].CrossEntropy(s_classes, LossReduction.None, s_weights, ignoreClass: 1, labelSmoothing: 0.2), [[5, 4]])
        {
            Draw = static d => [[d.A, 4]],
            With = static (x, d) =>
                x[0].CrossEntropy(d.Classes(x[0].Shape), LossReduction.None, s_weights, ignoreClass: 1, labelSmoothing: 0.2),
        },
        new("MeanSquaredError", "MeanSquaredError", static x => x[0].MeanSquaredError(x[1]), [[5, 4], [5, 4]], [[], []])
        {
            Draw = FullPair,
        },
        new("MeanSquaredError, sum", "MeanSquaredError", static x => x[0].MeanSquaredError(s_target, LossReduction.Sum), [[5, 4]])
        {
            Draw = Full,
            With = static (x, _) => x[0].MeanSquaredError(Tensor<T>.Full(x[0].Shape, T.One), LossReduction.Sum),
        },
        new("MeanSquaredError of each", "Square", static x => x[0].MeanSquaredError(s_target, LossReduction.None), [[5, 4]])
        {
            Draw = Any,
            With = static (x, _) => x[0].MeanSquaredError(Tensor<T>.Full(x[0].Shape, T.One), LossReduction.None),
        },
        new(
            "MeanSquaredError of two functions of x", "MeanSquaredError", static x => (x[0] * 2).MeanSquaredError(x[0].Square()),
            [[5, 4]]) { Draw = Full },
        new("L1", "L1", static x => 2 * Penalty.L1(x.Parameters, 0.3) + x[0].Sum() * x[1].Sum(), [[3, 4], [5]])
        {
            TakesParameters = true,
            Draw = static d => [d.Full, d.Last],
        },
        new("L2", "L2", static x => 2 * Penalty.L2(x.Parameters, 0.3) + x[0].Sum() * x[1].Sum(), [[3, 4], [5]])
        {
            TakesParameters = true,
            Draw = static d => [d.Full, d.Last],
        },
        .. Activations, .. Reductions, .. Indexing, .. Losses, .. Networks, .. Recurrent,
    ];

    private static OpCase<T> One(string name, string op, Func<OpInputs<T>, Tensor<T>> function) =>
        new(name, op, function, s_one) { IsElementwise = true, Draw = Any };

    private static OpCase<T> Two(string name, string op, Func<OpInputs<T>, Tensor<T>> function) =>
        new(name, op, function, s_two) { IsElementwise = true, Draw = static d => d.Broadcast(2) };

    private static int[][] Any(TrialShapes d) => [d.Any];

    private static int[][] Full(TrialShapes d) => [d.Full];

    private static int[][] AnyPair(TrialShapes d) => [d.Any, d.Any];

    private static int[][] FullPair(TrialShapes d) => [d.Full, d.Full];

    private static int[][] WithAxis(TrialShapes d) => [d.WithAxis];

    private static int[][] Three(TrialShapes d) => [[d.N, d.A, d.B]];
}
