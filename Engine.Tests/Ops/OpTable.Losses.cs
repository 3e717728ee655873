using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly Tensor<T> s_signs = Tensor<T>.From(
        [.. Enumerable.Range(0, 20).Select(static i => T.CreateTruncating(i * i % 3 == 0 ? 1 : -1))], [5, 4]);

    private static readonly Tensor<T> s_rowSigns = Tensor<T>.From([T.One, -T.One, -T.One, T.One, -T.One]);

    private static readonly Tensor<T> s_zero = Tensor<T>.Zeros([]), s_half = Tensor<T>.Full([], T.CreateTruncating(0.5)),
        s_limit = Tensor<T>.Full([], T.CreateTruncating(2));

    private static int[][][] Pairs => [[[5, 4], [5, 4]], [[], []], [[1], [1]], [[65], [65]], [[2, 1, 3], [2, 1, 3]]];

    private static int[][][] Triples =>
        [[[5, 4], [5, 4], [5, 4]], [[4], [4], [4]], [[2, 3, 4], [2, 3, 4], [2, 3, 4]], [[3, 1], [3, 1], [3, 1]]];

    /// <summary>Losses and penalties.</summary>
    private static OpCase<T>[] Losses =>
    [
        .. OfPairs(
            "MeanAbsoluteError", static x => x[0].MeanAbsoluteError(x[1] + 2),
            static x => (x[0] + 2).MeanAbsoluteError(x[1], LossReduction.Sum),
            static x => (x[0] + 2).MeanAbsoluteError(x[1], LossReduction.None)),
        .. OfPairs("SmoothL1", static x => x[0].SmoothL1(x[1], beta: 0.3), static x => x[0].SmoothL1(x[1], LossReduction.Sum, 0.7),
            static x => x[0].SmoothL1(x[1], LossReduction.None, 0.3)),
        new("SmoothL1 with β = 0", "SmoothL1", static x => x[0].SmoothL1(x[1] + 2, beta: 0), Pairs) { Draw = FullPair },
        .. OfPairs("Huber", static x => x[0].Huber(x[1], delta: 0.3), static x => x[0].Huber(x[1], LossReduction.Sum, 0.7),
            static x => x[0].Huber(x[1], LossReduction.None, 0.3)),
        .. OfPairs(
            "BinaryCrossEntropy", static x => x[0].Sigmoid().BinaryCrossEntropy(x[1].Sigmoid()),
            static x => x[0].Sigmoid().BinaryCrossEntropy(x[1] * 0.3, LossReduction.Sum),
            static x => x[0].Sigmoid().BinaryCrossEntropy(Fractions(x[1]), LossReduction.None), static i => i == 1),
        new(
            "BinaryCrossEntropy with weights", "BinaryCrossEntropy",
            static x => x[0].Sigmoid().BinaryCrossEntropy(x[1] * 0.3, LossReduction.Mean, x[2]), [[5, 4], [5, 4], [4]], [[2], [2], [1]])
        {
            Draw = static d => [[d.A, d.B], [d.A, d.B], [d.B]],
            IsPositive = static i => i == 1,
        },
        .. OfPairs(
            "BinaryCrossEntropyWithLogits", static x => (x[0] - 1).BinaryCrossEntropyWithLogits(x[1] * 0.3),
            static x => (x[0] * 20).BinaryCrossEntropyWithLogits(x[1], LossReduction.Sum),
            static x => (x[0] - 1).BinaryCrossEntropyWithLogits(x[1] * 0.3, LossReduction.None)),
        new(
            "BinaryCrossEntropyWithLogits with positive weights", "BinaryCrossEntropyWithLogits",
            static x => (x[0] - 1).BinaryCrossEntropyWithLogits(x[1] * 0.3, LossReduction.Sum, x[2]),
            [[5, 4], [5, 4], [4]], [[2], [2], [1]], [[3, 4], [3, 4], [3, 1]]) { Draw = static d => [[d.A, d.B], [d.A, d.B], [d.B]] },
        new(
            "BinaryCrossEntropyWithLogits with all weights", "BinaryCrossEntropyWithLogits",
            static x => (x[0] - 1).BinaryCrossEntropyWithLogits(x[1] * 0.3, LossReduction.Mean, s_weights, x[2]), [[5, 4], [5, 4], [5, 1]])
        {
            Draw = static d => [[d.A, 4], [d.A, 4], [d.A, 1]],
        },
        new(
            "BinaryCrossEntropyWithLogits with weights", "BinaryCrossEntropyWithLogits",
            static x => (x[0] - 1).BinaryCrossEntropyWithLogits(x[1] * 0.3, LossReduction.None, weights: s_weights), [[5, 4], [5, 4]])
        {
            Draw = static d => [[d.A, 4], [d.A, 4]],
        },
        .. OfPairs("KullbackLeibler", static x => x[0].KullbackLeibler(x[1]), static x => x[0].KullbackLeibler(x[1], LossReduction.Sum),
            static x => x[0].KullbackLeibler(x[1], LossReduction.None), static i => i == 1),
        .. OfPairs(
            "KullbackLeibler", " of logarithms", static x => (x[0] - 2).KullbackLeibler(x[1] - 2, logTarget: true),
            static x => x[0].KullbackLeibler(x[1], LossReduction.Sum, logTarget: true),
            static x => x[0].KullbackLeibler(x[1], LossReduction.None, logTarget: true)),
        new(
            "GaussianNegativeLogLikelihood", "GaussianNegativeLogLikelihood", static x => x[0].GaussianNegativeLogLikelihood(x[1], x[2]),
            [.. Triples, [[5, 4], [5, 4], [5, 1]], [[2, 3], [2, 3], []], [[], [], []]])
        {
            Draw = static d => [d.Full, d.Full, d.Part(d.Full)],
            IsPositive = static i => i == 2,
        },
        new(
            "GaussianNegativeLogLikelihood, sum", "GaussianNegativeLogLikelihood",
            static x => x[0].GaussianNegativeLogLikelihood(x[1], x[2], LossReduction.Sum, full: true), [.. Triples, [[0, 3], [0, 3], [3]]])
        {
            Draw = static d => [d.Full, d.Full, d.Full],
            IsPositive = static i => i == 2,
        },
        new(
            "GaussianNegativeLogLikelihood of each", "GaussianNegativeLogLikelihood",
            static x => x[0].GaussianNegativeLogLikelihood(x[1], x[2], LossReduction.None), Triples)
        {
            Draw = static d => [d.Full, d.Full, d.Full],
            IsPositive = static i => i == 2,
        },
        .. OfPairs(
            "PoissonNegativeLogLikelihood", static x => x[0].PoissonNegativeLogLikelihood(x[1]),
            static x => x[0].PoissonNegativeLogLikelihood(x[1], LossReduction.Sum),
            static x => x[0].PoissonNegativeLogLikelihood(x[1], LossReduction.None)),
        .. OfPairs(
            "PoissonNegativeLogLikelihood", " of rates", static x => x[0].PoissonNegativeLogLikelihood(x[1], logInput: false),
            static x => x[0].PoissonNegativeLogLikelihood(x[1], LossReduction.Sum, logInput: false, epsilon: 0),
            static x => x[0].PoissonNegativeLogLikelihood(x[1], LossReduction.None, logInput: false), static i => i == 0),
        new("HingeEmbedding", "HingeEmbedding", static x => x[0].HingeEmbedding(s_signs), [[5, 4]])
        {
            Draw = Full,
            With = static (x, d) => x[0].HingeEmbedding(d.Signs<T>(x[0].Shape)),
        },
        new("HingeEmbedding, sum", "HingeEmbedding", static x => x[0].HingeEmbedding(s_signs, LossReduction.Sum, 0.7), [[5, 4]])
        {
            Draw = Any,
            With = static (x, d) => x[0].HingeEmbedding(d.Signs<T>(x[0].Shape), LossReduction.Sum, 0.7),
        },
        new("HingeEmbedding of each", "HingeEmbedding", static x => x[0].HingeEmbedding(s_signs, LossReduction.None, 1.2), [[5, 4]])
        {
            Draw = Any,
            With = static (x, d) => x[0].HingeEmbedding(d.Signs<T>(x[0].Shape), LossReduction.None, 1.2),
        },
        new(
            "HingeEmbedding by a computed target", "HingeEmbedding", static x => x[0].HingeEmbedding((x[1] - 1).Sign()) + x[1].Mean(),
            [[5, 4], [5, 4]], [[], []]) { Draw = FullPair },
        new("Hinge", "Hinge", static x => x[0].Hinge(s_signs), [[5, 4]])
        {
            Draw = Full,
            With = static (x, d) => x[0].Hinge(d.Signs<T>(x[0].Shape)),
        },
        new("Hinge, sum", "Hinge", static x => (x[0] - 2).Hinge(s_signs, LossReduction.Sum), [[5, 4]])
        {
            Draw = Any,
            With = static (x, d) => (x[0] - 2).Hinge(d.Signs<T>(x[0].Shape), LossReduction.Sum),
        },
        new("Hinge of each", "Hinge", static x => x[0].Hinge(s_signs, LossReduction.None), [[5, 4]])
        {
            Draw = Any,
            With = static (x, d) => x[0].Hinge(d.Signs<T>(x[0].Shape), LossReduction.None),
        },
        new(
            "Hinge by a computed target", "Hinge", static x => x[0].Hinge((x[1] - 1).Sign()) + x[1].Mean(), [[5, 4], [5, 4]], [[], []])
        {
            Draw = FullPair,
        },
        new("SoftMargin", "SoftMargin", static x => x[0].SoftMargin(s_signs), [[5, 4]])
        {
            Draw = Full,
            With = static (x, d) => x[0].SoftMargin(d.Signs<T>(x[0].Shape)),
        },
        new("SoftMargin, sum", "SoftMargin", static x => (x[0] * 30).SoftMargin(s_signs, LossReduction.Sum), [[5, 4]])
        {
            Draw = Any,
            With = static (x, d) => (x[0] * 30).SoftMargin(d.Signs<T>(x[0].Shape), LossReduction.Sum),
        },
        new("SoftMargin of each", "SoftMargin", static x => x[0].SoftMargin(s_signs, LossReduction.None), [[5, 4]])
        {
            Draw = Any,
            With = static (x, d) => x[0].SoftMargin(d.Signs<T>(x[0].Shape), LossReduction.None),
        },
        new(
            "SoftMargin by a computed target", "SoftMargin", static x => x[0].SoftMargin((x[1] - 1).Sign()) + x[1].Mean(),
            [[5, 4], [5, 4]], [[], []]) { Draw = FullPair },
        new("TripletMargin", "Norm", static x => x[0].TripletMargin(x[1], x[2], margin: 3), Triples)
        {
            Draw = static d => [[d.A, d.B], [d.A, d.B], [d.A, d.B]],
        },
        new("TripletMargin, some without loss", "Norm", static x => x[0].TripletMargin(x[1], x[2], LossReduction.Sum, 0.1), Triples)
        {
            Draw = static d => [[d.A, d.B], [d.A, d.B], [d.A, d.B]],
        },
        new("TripletMargin of each, p = 1", "Norm", static x => x[0].TripletMargin(x[1], x[2], LossReduction.None, 6, 1), Triples)
        {
            Draw = static d => [[d.A, d.B], [d.A, d.B], [d.A, d.B]],
        },
        new("TripletMargin of each, p = 3", "Norm", static x => x[0].TripletMargin(x[1], x[2], LossReduction.None, 4, 3), Triples)
        {
            Draw = static d => [[d.A, d.B], [d.A, d.B], [d.A, d.B]],
        },
        new("CosineEmbedding", "CosineEmbedding", static x => x[0].CosineEmbedding(x[1], s_rowSigns), [[5, 4], [5, 4]])
        {
            Draw = static d => [[d.A, d.B + 1], [d.A, d.B + 1]],
            With = static (x, d) => x[0].CosineEmbedding(x[1], d.Signs<T>([d.A])),
        },
        new(
            "CosineEmbedding, sum", "CosineEmbedding", static x => x[0].CosineEmbedding(x[1], s_rowSigns, LossReduction.Sum, 0.9),
            [[5, 4], [5, 4]])
        {
            Draw = static d => [[d.A, d.B + 1], [d.A, d.B + 1]],
            With = static (x, d) => x[0].CosineEmbedding(x[1], d.Signs<T>([d.A]), LossReduction.Sum, 0.9),
        },
        new(
            "CosineEmbedding of each", "CosineEmbedding", static x => x[0].CosineEmbedding(x[1], s_rowSigns, LossReduction.None, -1),
            [[5, 4], [5, 4]])
        {
            Draw = static d => [[d.A, d.B + 1], [d.A, d.B + 1]],
            With = static (x, d) => x[0].CosineEmbedding(x[1], d.Signs<T>([d.A]), LossReduction.None, -1),
        },
        new(
            "CosineEmbedding by a computed target", "CosineEmbedding",
            static x => x[0].CosineEmbedding(x[1], (x[2] - 1).Sign()) + x[2].Mean(),
            [[3, 4], [3, 4], [3]], [[4], [4], []]) { Draw = static d => [[d.A, d.B + 1], [d.A, d.B + 1], [d.A]] },

        new("NegativeLogLikelihood", "NegativeLogLikelihood", static x => x[0].NegativeLogLikelihood(s_classes), [[5, 4]])
        {
            Draw = static d => [[d.A, d.B]],
            With = static (x, d) => x[0].NegativeLogLikelihood(d.Classes(x[0].Shape)),
        },
        new(
            "NegativeLogLikelihood, part of a sum", "NegativeLogLikelihood",
            static x => 3 * x[0].NegativeLogLikelihood(s_classes, LossReduction.Sum) + x[0].Square().Sum(), [[5, 4]])
        {
            Draw = static d => [[d.A, d.B]],
            With = static (x, d) => 3 * x[0].NegativeLogLikelihood(d.Classes(x[0].Shape), LossReduction.Sum) + x[0].Square().Sum(),
        },
        new(
            "NegativeLogLikelihood with all options", "NegativeLogLikelihood",
            static x => x[0].NegativeLogLikelihood(s_classes, LossReduction.Mean, s_weights, ignoreClass: 3), [[5, 4]])
        {
            Draw = static d => [[d.A, 4]],
            With = static (x, d) => x[0].NegativeLogLikelihood(d.Classes(x[0].Shape), LossReduction.Mean, s_weights, ignoreClass: 3),
        },
        new(
            "NegativeLogLikelihood of each with all options", "NegativeLogLikelihood",
            static x => x[0].NegativeLogLikelihood(s_classes, LossReduction.None, s_weights, ignoreClass: 1), [[5, 4]])
        {
            Draw = static d => [[d.A, 4]],
            With = static (x, d) => x[0].NegativeLogLikelihood(d.Classes(x[0].Shape), LossReduction.None, s_weights, ignoreClass: 1),
        },
        new("CrossEntropy of probabilities", "CrossEntropy", static x => x[0].CrossEntropy(x[1]), [[5, 4], [5, 4]], [[1, 1], [1, 1]])
        {
            Draw = static d => [[d.A, d.B], [d.A, d.B]],
        },
        new(
            "CrossEntropy of probabilities with all options", "CrossEntropy",
            static x => x[0].CrossEntropy(x[1], LossReduction.Sum, s_weights, 0.2), [[5, 4], [5, 4]], [[0, 4], [0, 4]])
        {
            Draw = static d => [[d.N, 4], [d.N, 4]],
        },
        new(
            "CrossEntropy of probabilities of each", "CrossEntropy",
            static x => x[0].CrossEntropy(x[1], LossReduction.None, x[2], labelSmoothing: 1), [[5, 4], [5, 4], [4]])
        {
            Draw = static d => [[d.A, d.B], [d.A, d.B], [d.B]],
        },

        new(
            "ElasticNet", "L1", static x => 2 * Penalty.ElasticNet(x.Parameters, 0.3, 0.2) + x[0].Sum() * x[1].Sum(), [[3, 4], [5]])
        {
            TakesParameters = true,
            Draw = static d => [d.Full, d.Last],
        },
        new("Orthogonality", "MatMul", static x => Penalty.Orthogonality(x.Parameters, 0.3), [[3, 4], [5, 2]], [[2, 3, 2], [1, 1]])
        {
            TakesParameters = true,
            Draw = static d => [[d.A, d.B], [d.C, d.D, d.A]],
        },
    ];

    /// <summary>Numbers in [0, 1], whatever x is; 0.3·x in the range of the table's inputs.</summary>
    private static Tensor<T> Fractions(Tensor<T> x) =>
        Tensor<T>.WhereGreater(x, s_zero, Tensor<T>.WhereGreater(s_limit, x, x * 0.3, s_half), s_half);

    private static OpCase<T>[] OfPairs(
        string op, Func<OpInputs<T>, Tensor<T>> mean, Func<OpInputs<T>, Tensor<T>> sum, Func<OpInputs<T>, Tensor<T>> none,
        Func<int, bool>? isPositive = null) =>
        OfPairs(op, "", mean, sum, none, isPositive);

    /// <summary>An elementwise loss with each reduction.</summary>
    private static OpCase<T>[] OfPairs(
        string op, string variant, Func<OpInputs<T>, Tensor<T>> mean, Func<OpInputs<T>, Tensor<T>> sum,
        Func<OpInputs<T>, Tensor<T>> none, Func<int, bool>? isPositive = null) =>
    [
        new($"{op}{variant}", op, mean, Pairs) { Draw = FullPair, IsPositive = isPositive },
        new($"{op}{variant}, sum", op, sum, [.. Pairs, [[0, 3], [0, 3]]]) { Draw = AnyPair, IsPositive = isPositive },
        new($"{op}{variant} of each", op, none, [.. Pairs, [[0, 3], [0, 3]]])
        {
            IsElementwise = true, Draw = AnyPair, IsPositive = isPositive,
        },
    ];
}
