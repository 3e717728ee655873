using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Every operation's derivative against central differences, on many shapes.</summary>
internal sealed class OpGradientTests
{
    private static readonly int[][][] s_pairs =
    [
        [[], []], [[3], [3]], [[2, 3], [3]], [[3], [2, 3]], [[2, 3], [2, 1]], [[2, 1], [1, 4]], [[], [2, 2]], [[2, 1, 3], [4, 1]], [[1], [1, 1, 1]], [[65], [65]], [[0, 3], [3]],
    ];

    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>, Tensor<double>>> s_binary = new()
    {
        ["a + b"] = static (a, b) => a + b,
        ["a - b"] = static (a, b) => a - b,
        ["a * b"] = static (a, b) => a * b,
        ["a / b"] = static (a, b) => a / b,
        ["a / b * (a - b) + b"] = static (a, b) => a / b * (a - b) + b,
    };

    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>>> s_shaped = new()
    {
        ["x + 2"] = static x => x + 2.0,
        ["2 + x"] = static x => 2.0 + x,
        ["x - 2"] = static x => x - 2.0,
        ["1 - x"] = static x => 1.0 - x,
        ["x * 3"] = static x => x * 3.0,
        ["3 * x"] = static x => 3.0 * x,
        ["x / 3"] = static x => x / 3.0,
        ["3 / x"] = static x => 3.0 / x,
        ["Sum"] = static x => x.Sum(),
        ["Mean"] = static x => x.Mean(),
        ["Sum keep"] = static x => x.Shape.Rank == 0 ? x.Sum() : x.Sum(0, keepDimensions: true) * x,
        ["Sum last"] = static x => x.Shape.Rank == 0 ? x.Sum() : x.Sum(-1),
        ["Mean last"] = static x => x.Shape.Rank == 0 ? x.Mean() : x.Mean(-1),
        ["Sum of none"] = static x => x.Sum([]) * x,
        ["Mean of outer and inner"] = static x => x.Shape.Rank < 3 ? x.Mean() : x.Mean([-1, 0], keepDimensions: true) * x,
        ["Sum of outer and inner"] = static x => x.Shape.Rank < 3 ? x.Sum() : x.Sum([0, 2]),
        ["Reshape"] = static x => x.Reshape(-1, 1).Exp() + x.Reshape(1, x.Length),
        ["Permute"] = static x => x.Permute([.. Enumerable.Range(1, Math.Max(0, x.Shape.Rank - 1)), .. x.Shape.Rank > 0 ? [0] : Array.Empty<int>()]),
        ["Transpose"] = static x => x.Shape.Rank == 2 ? x.Transpose() * 2 : x.Exp(),
        ["LogSoftmax"] = static x => x.Shape.Rank == 0 ? x.Exp() : x.LogSoftmax(),
        ["LogSoftmax of the first axis"] = static x => x.Shape.Rank == 0 ? x.Exp() : x.LogSoftmax(0),
        ["Softmax"] = static x => x.Shape.Rank == 0 ? x.Exp() : x.Softmax(),
        ["Softmax of the first axis"] = static x => x.Shape.Rank == 0 ? x.Exp() : x.Softmax(0),
    };

    private static readonly int[][] s_shapes = [[], [1], [5], [3, 4], [1, 4], [2, 3, 4], [2, 1, 3, 2], [70, 3]];

    public static IEnumerable<TestCaseData> BinaryCases() =>
        from op in s_binary from shapes in s_pairs select new TestCaseData(op.Value, shapes[0], shapes[1]).SetArgDisplayNames(op.Key, Text(shapes[0]), Text(shapes[1]));

    public static IEnumerable<TestCaseData> ShapedCases() =>
        from op in s_shaped from shape in s_shapes select new TestCaseData(op.Value, shape).SetArgDisplayNames(op.Key, Text(shape));

    public static IEnumerable<TestCaseData> UnaryCases() => from formula in FunctionCase<double>.All select new TestCaseData(formula).SetArgDisplayNames(formula.Name);

    [TestCaseSource(nameof(BinaryCases))]
    public void Two_tensors(Func<Tensor<double>, Tensor<double>, Tensor<double>> op, int[] shapeA, int[] shapeB)
    {
        Parameter<double> a = Positive("a", shapeA, 1), b = Positive("b", shapeB, 2);
        if (Shape.Broadcast(a.Shape, b.Shape, "test").Length == 0)
        {
            GradCheckReport empty = GradCheck.Assert(() => op(a.Value, b.Value).Sum(), [a, b]);
            Assert.That(empty.Compared, Is.EqualTo(a.Shape.Length + b.Shape.Length));
            return;
        }
        GradCheck.Assert(() => op(a.Value, b.Value), [a, b]);
    }

    [TestCaseSource(nameof(ShapedCases))]
    public void Shapes(Func<Tensor<double>, Tensor<double>> op, int[] shape)
    {
        Parameter<double> x = Positive("x", shape, 3);
        GradCheck.Assert(() => op(x.Value), [x]);
    }

    /// <summary>Every formula that the assembly has, on both sides of zero or where it is defined.</summary>
    [TestCaseSource(nameof(UnaryCases))]
    public void Formulas(FunctionCase<double> formula)
    {
        (double From, double To)[] domains = formula.Name switch
        {
            "Log" or "Sqrt" => [(0.5, 1.5)],
            "NormalQuantile" => [(0.02, 0.98)],
            _ => [(0.5, 1.5), (-1.5, -0.5)],
        };
        foreach ((double from, double to) in domains)
        {
            Parameter<double> x = new("x", Tensor<double>.From(Samples.Uniform<double>(37, 4, from, to)));
            GradCheck.Assert(() => formula.Apply(x.Value), [x]);
        }
    }

    [TestCase(new[] { 4 }, new[] { 4 }, false, false)]
    [TestCase(new[] { 3, 4 }, new[] { 4 }, false, false)]
    [TestCase(new[] { 4, 3 }, new[] { 4 }, true, false)]
    [TestCase(new[] { 4 }, new[] { 4, 2 }, false, false)]
    [TestCase(new[] { 4 }, new[] { 2, 4 }, false, true)]
    [TestCase(new[] { 3, 4 }, new[] { 4, 2 }, false, false)]
    [TestCase(new[] { 4, 3 }, new[] { 4, 2 }, true, false)]
    [TestCase(new[] { 3, 4 }, new[] { 2, 4 }, false, true)]
    [TestCase(new[] { 4, 3 }, new[] { 2, 4 }, true, true)]
    [TestCase(new[] { 2, 3, 4 }, new[] { 4, 2 }, false, false)]
    [TestCase(new[] { 2, 4, 3 }, new[] { 4, 2 }, true, false)]
    [TestCase(new[] { 2, 3, 4 }, new[] { 2, 4 }, false, true)]
    [TestCase(new[] { 2, 4, 3 }, new[] { 2, 4 }, true, true)]
    [TestCase(new[] { 3, 4 }, new[] { 5, 4, 2 }, false, false)]
    [TestCase(new[] { 4, 3 }, new[] { 5, 2, 4 }, true, true)]
    [TestCase(new[] { 2, 3, 4 }, new[] { 4 }, false, false)]
    [TestCase(new[] { 4 }, new[] { 3, 4, 2 }, false, false)]
    [TestCase(new[] { 5, 1, 3, 4 }, new[] { 2, 4, 2 }, false, false)]
    [TestCase(new[] { 5, 1, 4, 3 }, new[] { 2, 2, 4 }, true, true)]
    [TestCase(new[] { 2, 1, 1, 3 }, new[] { 1, 3, 3, 2 }, false, false)]
    [TestCase(new[] { 1, 2, 3 }, new[] { 1, 3, 2 }, false, false)]
    [TestCase(new[] { 2, 0 }, new[] { 0, 3 }, false, false)]
    public void Matrix_products(int[] shapeA, int[] shapeB, bool transposeA, bool transposeB)
    {
        Parameter<double> a = Positive("a", shapeA, 5), b = Positive("b", shapeB, 6);
        GradCheckReport report = GradCheck.Assert(() => a.Value.MatMul(b.Value, transposeA, transposeB), [a, b]);
        Assert.That(report.Compared, Is.EqualTo(a.Shape.Length + b.Shape.Length));
    }

    [Test]
    public void A_network()
    {
        Parameter<double> w1 = Positive("w1", [5, 4], 7), b1 = Positive("b1", [5], 8), w2 = Positive("w2", [3, 5], 9);
        Tensor<double> x = Tensor<double>.From(Samples.Uniform<double>(24, 10), [6, 4]);
        GradCheck.Assert(() => (x.MatMul(w1.Value - 1, transposeB: true) + b1.Value).Tanh().MatMul(w2.Value, transposeB: true).LogSoftmax().Mean(), [w1, b1, w2]);
    }

    /// <summary>From ½ to 1½: away from poles, and from the kinks at 0.</summary>
    private static Parameter<double> Positive(string name, int[] shape, int seed)
    {
        Shape extents = new(shape);
        return new Parameter<double>(name, Tensor<double>.From(Samples.Uniform<double>(extents.Length, seed, 0.5, 1.5), extents));
    }

    private static string Text(int[] shape) => $"[{string.Join(' ', shape)}]";
}
