using System.Numerics;

namespace Engine.Tests;

/// <summary>The laws that hold for every operation and loss.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class OpLawTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape = new();

    public static IEnumerable<TestCaseData> Rows() =>
        OpTable<T>.All.Select(static row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    public static IEnumerable<TestCaseData> RowsWithoutArrays() =>
        OpTable<T>.All.Where(static row => !row.ReturnsArray).Select(static row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    public static IEnumerable<TestCaseData> ElementwiseRows() =>
        OpTable<T>.All.Where(static row => row.IsElementwise).Select(static row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    /// <summary>A row that tests another operation than it says.</summary>
    [TestCaseSource(nameof(Rows))]
    public void Row_records_its_operation(OpCase<T> row)
    {
        foreach (int[][] shapes in row.Shapes)
        {
            Parameter<T>[] inputs = row.Parameters(shapes);
            using (_tape.Record())
            {
                _ = row.Function(new([.. inputs.Select(static p => p.Value)], inputs));
            }
            Assert.That(OpNames(_tape), Does.Contain(row.Op), Text(shapes));
        }
    }

    /// <summary>
    /// An input that Backward forgets, asks for although it is a constant, or gives another gradient because of what the other inputs are.
    /// </summary>
    [TestCaseSource(nameof(Rows))]
    public void Constants_change_no_other_gradient_and_get_none(OpCase<T> row)
    {
        foreach (int[][] shapes in row.TakesParameters ? [] : row.Shapes)
        {
            T[][] expected = Gradients(row, row.Parameters(shapes), static p => p.Value);
            for (int requested = 0; requested < 1 << shapes.Length; requested++)
            {
                Parameter<T>[] inputs = row.Parameters(shapes);
                T[][] actual = Gradients(row, inputs, p => (requested >> Array.IndexOf(inputs, p) & 1) != 0 ? p.Value : p.Value.Clone());
                for (int i = 0; i < inputs.Length; i++)
                {
                    bool isRequested = (requested >> i & 1) != 0;
                    SameBits.Check<T>(actual[i], isRequested ? expected[i] : [], $"{Text(shapes)}, requested {requested}, input {i}");
                }
                Assert.That(requested != 0 || _tape.Count == 0, "constants alone are not recorded");
            }
        }
    }

    /// <summary>
    /// A gradient that is right only where it is written straight into a parameter's memory, or where no other gradient has been
    /// accumulated before.
    /// </summary>
    [TestCaseSource(nameof(Rows))]
    public void Intermediate_inputs_get_the_gradient_of_parameters(OpCase<T> row)
    {
        foreach (int[][] shapes in row.TakesParameters ? [] : row.Shapes)
        {
            T[][] expected = Gradients(row, row.Parameters(shapes), static p => p.Value),
                actual = Gradients(row, row.Parameters(shapes), static p => p.Value * 1);
            for (int i = 0; i < expected.Length; i++)
            {
                SameBits.Check<T>(actual[i], expected[i], $"{Text(shapes)}, input {i}");
            }
        }
    }

    /// <summary>An array, a closure, a boxed number or an enumerator, forward or backward.</summary>
    [TestCaseSource(nameof(RowsWithoutArrays))]
    public void A_warm_step_allocates_nothing(OpCase<T> row)
    {
        Parameter<T>[] inputs = row.Parameters(row.Shapes[0]);
        OpInputs<T> direct = new([.. inputs.Select(static p => p.Value)], inputs),
            intermediate = new(new Tensor<T>[inputs.Length], inputs);
        Warm.AllocatesNothing(
            () =>
            {
                for (int i = 0; i < inputs.Length; i++)
                {
                    inputs[i].ClearGradient();
                }
                using (_tape.Record())
                {
                    for (int i = 0; i < inputs.Length; i++)
                    {
                        intermediate.Tensors[i] = inputs[i].Value * 2;
                    }
                    _tape.Backward((row.Function(direct) + row.Function(intermediate)).Sum());
                }
            },
            steps: 5);
    }

    /// <summary>
    /// The law of elementwise operations: where the output's gradient is 0 the input's is 0, even at poles, infinities and NaN.
    /// </summary>
    [TestCaseSource(nameof(ElementwiseRows))]
    public void A_zero_gradient_stays_zero(OpCase<T> row)
    {
        double[] values = [0, -0.0, 1, -1, 0.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        int n = values.Length * values.Length;
        Tensor<T> Grid(Func<int, double> value) => Tensor<T>.From([.. Enumerable.Range(0, n).Select(i => T.CreateTruncating(value(i)))]);
        Parameter<T>[] inputs = [new("a", Grid(i => values[i / values.Length])), new("b", Grid(i => values[i % values.Length]))];
        using (_tape.Record())
        {
            Tensor<T> y = row.Function(new([.. inputs.Select(static p => p.Value)], inputs));
            _tape.Backward(y, Tensor<T>.Zeros(y.Shape));
        }
        foreach (Parameter<T> input in inputs.Where(static p => p.HasGradient))
        {
            Assert.That(input.Gradient.ToArray(), Is.All.EqualTo(T.Zero), input.Name);
        }
        Assert.That(inputs[0].HasGradient);
    }

    private T[][] Gradients(OpCase<T> row, Parameter<T>[] inputs, Func<Parameter<T>, Tensor<T>> tensor)
    {
        using (_tape.Record())
        {
            Tensor<T> y = row.Function(new([.. inputs.Select(tensor)], inputs));
            if (_tape.Count > 0)
            {
                _tape.Backward(y, Tensor<T>.From(Samples.Uniform<T>(y.Length, 9), y.Shape));
            }
        }
        return [.. inputs.Select(static p => p.HasGradient ? p.Gradient.ToArray() : [])];
    }

    private static List<string> OpNames(Tape<T> tape)
    {
        List<string> names = [];
        foreach (Node<T> node in tape.Nodes)
        {
            names.Add(node.Op.Name);
        }
        return names;
    }

    private static string Text(int[][] shapes) => string.Join(", ", shapes.Select(static shape => new Shape(shape)));
}
