namespace Engine.Tests;

/// <summary>Gradients on random shapes, and through random graphs.</summary>
[Category("Slow")]
internal sealed class RandomShapeTests
{
    private const int Trials = 200;

    private static readonly RandomKey s_key = RandomKey.FromSeed(5);

    /// <summary>Larger parameters are checked in a few random directions, which keeps 200 trials of every row within seconds.</summary>
    private static readonly GradCheckOptions s_options = new() { MaxElements = 24, Directions = 6 };

    public static IEnumerable<TestCaseData> Rows() =>
        OpTable<double>.All.Select(static row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    /// <summary>
    /// An operation that is right for the shapes and settings of the table alone: an extent of 1 or 0, an axis that is stretched in one
    /// input and missing in the other, an axis in the middle, a stride that leaves a rest; contributions to inputs that are one tensor, or
    /// are used elsewhere too.
    /// </summary>
    [TestCaseSource(nameof(Rows))]
    public void Gradient(OpCase<double> row)
    {
        Assert.That(row.Draw, Is.Not.Null, $"'{row.Name}' has no way to draw shapes");
        for (int trial = 0; trial < Trials; trial++)
        {
            TrialShapes drawn = new(s_key.Fold(trial));
            int[][] shapes = row.Draw!(drawn);
            Parameter<double>? forAll = trial % 4 == 0 ? row.ParameterForAll(shapes, trial) : null;
            Parameter<double>[] inputs = forAll is null ? row.Parameters(shapes, trial) : [forAll];
            bool areUsedTwice = trial % 4 == 1 && !row.TakesParameters;
            try
            {
                GradCheck.Assert(Function, inputs, s_options);
            }
            catch (Exception e)
            {
                string text = string.Join(", ", shapes.Select(static shape => new Shape(shape)));
                throw new AssertionException($"trial {trial}, {text}: {e.Message}", e);
            }

            Tensor<double> Function()
            {
                Tensor<double>[] tensors = [.. shapes.Select((_, i) => (forAll ?? inputs[i]).Value)];
                tensors = areUsedTwice ? Array.ConvertAll(tensors, static x => x * 1) : tensors;
                OpInputs<double> x = new(tensors, inputs);
                Tensor<double> y = row.With is { } with ? with(x, drawn) : row.Function(x);
                return areUsedTwice ? Tensor<double>.Concat([y.Flatten(), .. tensors.Select(static x => x.Square().Flatten())])
                    : y.Length == 0 ? y.Sum()
                    : y;
            }
        }
    }

    private static readonly Func<Tensor<double>, Tensor<double>, Tensor<double>>[] s_steps =
    [
        static (a, b) => a + b, static (a, b) => a * b.Tanh(), static (a, b) => a.Sigmoid() - b, static (a, b) => a / (1 + b.Square()),
        static (a, _) => a.Tanh(), static (a, _) => a.Softmax(), static (a, _) => a.Exp().Sum(0, keepDimensions: true).Sqrt() + a * 0.5,
        static (a, b) => a.MatMul(b, transposeB: true).MatMul(b).Tanh(), static (a, b) => Tensor<double>.Concat([a, b], 0).Slice((.., 2)),
        static (a, b) => Tensor<double>.Stack([a, b]).Mean(0), static (a, _) => a.IndexSelect(1, [2, 0, 1]) * a.Select(1, 0).Unsqueeze(1),
        static (a, b) => a.Transpose().MatMul(b).Tanh().Slice(..2), static (a, _) => a.LayerNorm([3]),
    ];

    /// <summary>Contributions of several uses that overwrite each other, memory that is taken over too early.</summary>
    [Test]
    public void Gradient_through_ten_random_operations()
    {
        Random random = new(7);
        for (int trial = 0; trial < Trials; trial++)
        {
            Parameter<double>[] inputs =
            [
                .. Enumerable.Range(0, 2).Select(
                    i => new Parameter<double>($"input {i}", Tensor<double>.From(
                        Samples.Uniform<double>(6, random.Next(), 0.5, 1.5), [2, 3])))
            ];
            (int Step, int A, int B)[] graph =
                [.. Enumerable.Range(2, 10).Select(i => (random.Next(s_steps.Length), random.Next(Math.Max(0, i - 4), i), random.Next(i)))];
            GradCheck.Assert(
                () =>
                {
                    List<Tensor<double>> values = [.. inputs.Select(static p => p.Value)];
                    foreach ((int step, int a, int b) in graph)
                    {
                        values.Add(s_steps[step](values[a], values[b]));
                    }
                    // the inputs themselves, so that the output depends on both
                    return values[^1] + values[0] * values[1];
                },
                inputs, new GradCheckOptions { AbsoluteTolerance = 1e-6, RelativeTolerance = 1e-5 });
        }
    }
}
