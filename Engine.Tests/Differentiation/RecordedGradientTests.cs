using System.Numerics;

namespace Engine.Tests;

/// <summary>Gradients that are recorded: the same as those of a plain backward pass, and differentiable again.</summary>
internal sealed class RecordedGradientTests
{
    public static IEnumerable<TestCaseData> Rows() => OpTable<double>.All.SelectMany(
        static row => row.Shapes.Select(
            (shapes, i) => new TestCaseData(row, shapes).SetArgDisplayNames($"{row.Name}, {i}")));

    /// <summary>
    /// A RecordBackward or a Definition with a wrong term, a wrong shape, or without one input; an operation that has neither.
    /// </summary>
    [TestCaseSource(nameof(Rows))]
    public void Recorded_gradient_is_that_of_the_backward_pass(OpCase<double> row, int[][] shapes)
    {
        Parameter<double>[] inputs = row.Parameters(shapes);
        Tape<double> tape = new();
        using (tape.Record())
        {
            Tensor<double> y = Apply(row, inputs), g = Tensor<double>.From(Samples.Uniform<double>(y.Length, 9), y.Shape);
            Tensor<double>[] recorded = tape.Gradients(y, [.. inputs.Select(static p => p.Value)], g);
            tape.Backward(y, g);
            for (int i = 0; i < inputs.Length; i++)
            {
                Assert.That(recorded[i].Shape, Is.EqualTo(inputs[i].Shape));
                double[] expected = inputs[i].HasGradient ? inputs[i].Gradient.ToArray() : new double[inputs[i].Shape.Length];
                Closeness.Check(recorded[i], Tensor<double>.From(expected, inputs[i].Shape), inputs[i].Name);
            }
        }
    }

    /// <summary>A share of the gradient that is multiplied by the number of ties.</summary>
    [Test]
    public void Ties_share_a_recorded_gradient()
    {
        Parameter<double> x = new("x", Tensor<double>.From([3.0, -3, 1, 3], [4]));
        Tape<double> tape = new();
        using (tape.Record())
        {
            Tensor<double>[] max = tape.Gradients(x.Value.Max(), [x.Value]);
            Tensor<double>[] norm = tape.Gradients(x.Value.Norm(p: double.PositiveInfinity), [x.Value]);
            Assert.That(max[0].ToArray(), Is.EqualTo((double[])[0.5, 0, 0, 0.5]));
            Assert.That(norm[0].ToArray(), Is.EqualTo((double[])[1.0 / 3, -1.0 / 3, 0, 1.0 / 3]));
        }
    }

    /// <summary>A definition that is another function than the operation.</summary>
    [Test]
    public void A_fused_operation_is_its_definition()
    {
        HashSet<string> defined = [];
        Tape<double> tape = new();
        foreach (OpCase<double> row in OpTable<double>.All)
        {
            foreach (int[][] shapes in row.Shapes)
            {
                using (tape.Record())
                {
                    _ = Apply(row, row.Parameters(shapes));
                    int count = tape.Count;
                    for (int i = 0; i < count; i++)
                    {
                        Node<double> node = tape.Nodes[i];
                        if (IsDefined(node.Op) && node.Output.Buffer.Node == i)
                        {
                            defined.Add(node.Op.Name);
                            Tensor<double> definition = node.Op.Definition(node, new BackwardContext<double>(tape, in node, default));
                            Assert.That(definition.Shape, Is.EqualTo(node.Output.Shape), row.Name);
                            Assert.That(
                                definition.ToArray(), Is.EqualTo(node.Output.ToArray()).Within(1e-11), $"{row.Name}: {node.Op.Name}");
                        }
                    }
                }
            }
        }
        Assert.That(
            defined,
            Is.SupersetOf((string[])["LayerNorm", "GroupNorm", "RmsNorm", "BatchNorm", "CrossEntropy", "Conv2d", "MaxPool2d", "LstmCell"]));
    }

    private static bool IsDefined(Op<double> op) => op.GetType().GetMethod(
        nameof(Op<>.Definition), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.DeclaringType
        != typeof(Op<double>);

    /// <summary>
    /// A second derivative with a wrong term: a factor taken for a constant, a branch that passes on a wrong gradient. The output's
    /// gradient depends on the inputs too, or no second derivative would go through the backward pass of a linear operation.
    /// </summary>
    [TestCaseSource(nameof(Rows))]
    public void Gradient_of_the_gradient(OpCase<double> row, int[][] shapes)
    {
        Parameter<double>[] inputs = row.Parameters(shapes);
        GradCheck.Assert(
            () =>
            {
                Tensor<double> y = Apply(row, inputs);
                Tensor<double> g = Tensor<double>.From(Samples.Uniform<double>(y.Length, 9, 0.5, 1.5), y.Shape) + 0.25 * y;
                Tensor<double>[] gradients = Tape<double>.Current!.Gradients(y, [.. inputs.Select(static p => p.Value)], g);
                Tensor<double> sum = Tensor<double>.Zeros(Shape.Scalar);
                for (int i = 0; i < inputs.Length; i++)
                {
                    // the parameters themselves, so that the check finds a gradient even of a linear operation
                    double count = Math.Max(1, gradients[i].Length);
                    sum += gradients[i].Square().Sum() / count + inputs[i].Value.Sum();
                }
                return sum;
            },
            inputs, new GradCheckOptions { AbsoluteTolerance = 1e-5, RelativeTolerance = 3e-4 });
    }

    private static Tensor<double> Apply(OpCase<double> row, Parameter<double>[] inputs) =>
        row.Function(new([.. inputs.Select(static p => p.Value)], inputs));
}
