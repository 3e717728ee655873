namespace Engine.Tests;

/// <summary>Gradients on random shapes, and through random graphs.</summary>
[Category("Slow")]
internal sealed class RandomShapeTests
{
    private const int Trials = 200;

    public static IEnumerable<TestCaseData> Rows() =>
        OpTable<double>.All.Where(static row => row.Domain != OpDomain.ItsShapes)
            .Select(static row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    /// <summary>
    /// An operation that is right for the shapes of the table alone: an extent of 1 or 0, an axis that is stretched in one input and
    /// missing in the other, an axis in the middle.
    /// </summary>
    [TestCaseSource(nameof(Rows))]
    public void Gradient(OpCase<double> row)
    {
        Random random = new(5);
        for (int trial = 0; trial < Trials; trial++)
        {
            int[] shape = Shape(random, row.Domain == OpDomain.WithAxis ? 1 : 0);
            int[][] shapes = [.. Enumerable.Range(0, row.Shapes[0].Length).Select(
                _ => row.Shapes[0].Length == 1 ? shape : Part(random, shape))];
            Parameter<double>[] inputs = OpCase<double>.Parameters(shapes);
            // the values differ from trial to trial
            foreach (Parameter<double> input in inputs)
            {
                input.SetValue(Tensor<double>.From(Samples.Uniform<double>(input.Shape.Length, random.Next(), 0.5, 1.5), input.Shape));
            }
            Tensor<double> Function() => row.Function(new([.. inputs.Select(static p => p.Value)], inputs));
            bool isEmpty = Function().Length == 0;
            GradCheck.Assert(() => isEmpty ? Function().Sum() : Function(), inputs);
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

    private static int[] Shape(Random random, int minRank)
    {
        int[] shape = new int[random.Next(minRank, 5)];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            // no elements along the axis that is worked on: there is no mean and no largest element
            bool mayBeEmpty = minRank == 0 || (axis > 0 && axis < shape.Length - 1);
            shape[axis] = mayBeEmpty && random.Next(20) == 0 ? 0 : random.Next(1, 4);
        }
        return shape;
    }

    /// <summary>A shape that broadcasts to the given one.</summary>
    private static int[] Part(Random random, int[] shape)
    {
        int[] part = [.. shape.Skip(random.Next(3) == 0 ? random.Next(shape.Length + 1) : 0)];
        for (int axis = 0; axis < part.Length; axis++)
        {
            part[axis] = random.Next(4) == 0 ? 1 : part[axis];
        }
        return part;
    }
}
