namespace Engine.Tests;

/// <summary>Every operation's derivative against central differences, on many shapes.</summary>
internal sealed class OpGradientTests
{
    public static IEnumerable<TestCaseData> Rows() =>
        from row in OpTable<double>.All
        from shapes in row.Shapes
        select new TestCaseData(row, shapes).SetArgDisplayNames(
            [row.Name, .. shapes.Select(static shape => $"[{string.Join(' ', shape)}]")]);

    public static IEnumerable<TestCaseData> Functions() =>
        FunctionCase<double>.All.Select(static function => new TestCaseData(function).SetArgDisplayNames(function.Name));

    /// <summary>
    /// A wrong term, sign or factor; a gradient that is not summed back over what was broadcast; a Backward that does nothing.
    /// </summary>
    [TestCaseSource(nameof(Rows))]
    public void Operation(OpCase<double> row, int[][] shapes)
    {
        Parameter<double>[] inputs = row.Parameters(shapes);
        Tensor<double> Function() => row.Function(new([.. inputs.Select(static p => p.Value)], inputs));
        bool isEmpty = Function().Length == 0;
        GradCheckReport report = GradCheck.Assert(() => isEmpty ? Function().Sum() : Function(), inputs);
        Assert.That(report.Compared, Is.EqualTo(inputs.Sum(static p => p.Shape.Length)));
    }

    /// <summary>One parameter as all inputs: contributions that overwrite each other.</summary>
    [TestCaseSource(nameof(Rows))]
    public void Operation_on_one_parameter(OpCase<double> row, int[][] shapes)
    {
        if (row.ParameterForAll(shapes) is not { } x)
        {
            Assert.That(row.TakesParameters || shapes.Length > 1, "inputs of different shapes, or a kink where both are equal");
            return;
        }
        GradCheck.Assert(() => row.Function(new([.. shapes.Select(_ => x.Value)], [x])) is var y && y.Length == 0 ? y.Sum() : y, [x]);
        GradCheck.Assert(
            () =>
            {
                Tensor<double> intermediate = x.Value * 1.5;
                return row.Function(new([.. shapes.Select(_ => intermediate)], [x])).Sum() + intermediate.Square().Sum();
            },
            [x]);
    }

    /// <summary>Every function in the assembly, on both sides of zero or where it is defined.</summary>
    [TestCaseSource(nameof(Functions))]
    public void Function(FunctionCase<double> function)
    {
        (double From, double To)[] domains = function.Name switch
        {
            "Log" or "Log2" or "Log10" or "Sqrt" or "ReciprocalSqrt" => [(0.5, 1.5)],
            "LogP1" => [(0.5, 1.5), (-0.9, -0.3)],
            "Asin" or "Acos" => [(0.3, 0.9), (-0.9, -0.3)],
            _ => [(0.5, 1.5), (-1.5, -0.5)],
        };
        foreach ((double from, double to) in domains)
        {
            Parameter<double> x = new("x", Tensor<double>.From(Samples.Uniform<double>(37, 4, from, to)));
            GradCheck.Assert(() => function.Apply(x.Value), [x]);
        }
    }

    /// <summary>A user's function whose parameter has any sign, on both sides of zero.</summary>
    [Test]
    public void Function_with_a_parameter([Values(-2, -0.5, 0, 1.5)] double slope)
    {
        Parameter<double> x = new("x", Tensor<double>.From(Samples.Uniform<double>(37, 4, -3, 3)));
        GradCheck.Assert(() => x.Value.Apply(new Swish(slope)), [x]);
    }

    [Test]
    public void A_network()
    {
        Parameter<double> w1 = Positive("w1", [5, 4], 7), b1 = Positive("b1", [5], 8), w2 = Positive("w2", [3, 5], 9);
        Tensor<double> x = Tensor<double>.From(Samples.Uniform<double>(24, 10), [6, 4]);
        GradCheck.Assert(
            () =>
            {
                Tensor<double> hidden = (x.MatMul(w1.Value - 1, transposeB: true) + b1.Value).Tanh();
                return hidden.MatMul(w2.Value, transposeB: true).LogSoftmax().Mean();
            },
            [w1, b1, w2]);
    }

    private static Parameter<double> Positive(string name, Shape shape, int seed) =>
        new(name, Tensor<double>.From(Samples.Uniform<double>(shape.Length, seed, 0.5, 1.5), shape));
}
