using System.Globalization;

namespace Engine.Tests;

/// <summary>Shapes at their limits: the default, no elements, and too many.</summary>
internal sealed class ShapeTests
{
    private static readonly int[][] s_empty = [[0, 65536, 65536], [65536, 0, 65536], [65536, 65536, 0]];

    /// <summary>A default that equals the scalar's shape but has no element.</summary>
    [Test]
    public void The_default_is_the_scalar()
    {
        Shape[] scalars = [default, new Shape(), Shape.Scalar, [], new Shape[1].Single()];
        foreach (Shape shape in scalars)
        {
            Assert.That((shape.Rank, shape.Length, shape), Is.EqualTo((0, 1, Shape.Scalar)));
        }
        Assert.That(Tensor<float>.Zeros(default).Item, Is.Zero);
        Assert.That(Tensor<float>.Full(new Shape(), 3).ToArray(), Is.EqualTo((float[])[3]));
        Tape<double> tape = new();
        Parameter<double> p = new("p", Tensor<double>.Full(default, 3));
        using (tape.Record())
        {
            tape.Backward(p.Value.Square().Reshape(default(Shape)));
        }
        Assert.That(p.Gradient.Item, Is.EqualTo(6));
    }

    [TestCase(new[] { 65536, 32768 })]
    [TestCase(new[] { int.MaxValue })]
    [TestCase(new[] { 2_147_483_569 })]
    [TestCase(new[] { 65536, 65536, 65536, 65536, 65536 })]
    public void More_elements_than_an_array_can_hold_are_refused(int[] extents) => Assert.That(
        () => new Shape(extents),
        Throws.ArgumentException.With.Message.Contains($"[{string.Join(", ", extents)}]").And.Message.Contains("at most 2147483568"));

    [Test]
    public void The_largest_shape_has_as_many_elements_as_are_allowed() =>
        Assert.That(new Shape(2_147_483_568).Length, Is.EqualTo(Shape.MaxLength));

    /// <summary>A product of extents that overflows although there are no elements.</summary>
    [TestCaseSource(nameof(s_empty))]
    public void Without_elements_the_other_extents_may_be_any(int[] extents)
    {
        Parameter<float> p = new("p", Tensor<float>.Zeros(new Shape(extents)));
        Func<Tensor<float>, Tensor<float>>[] operations =
        [
            static x => x.Permute(2, 0, 1), static x => x.Permute(1, 2, 0), static x => x.Reshape(0), static x => x.Exp(),
            static x => x + x, static x => x * 2, static x => x.Softmax(0), static x => x.LogSoftmax(1), static x => x.Softmax(),
            static x => x.Sum(), static x => x.Mean().Reshape(1).Sum([]), static x => x.Dropout(0.5, RandomKey.FromSeed(1)),
            x => x.LayerNorm([extents[2]]), x => x.Sum(Array.IndexOf(extents, 65536)), x => x.Mean(Array.IndexOf(extents, 65536)),
            static x => Tensor<float>.Maximum(x, Tensor<float>.From(1f)), x => x.MatMul(Tensor<float>.Zeros([extents[2], 0])),
            x => x.Reshape([65536, 40_000, 0]).MatMul(Tensor<float>.Zeros([0, 0])), x => x.Linear(Tensor<float>.Zeros([0, extents[2]])),
            x => x.BatchNorm(Tensor<float>.Zeros([extents[1]]), Tensor<float>.Zeros([extents[1]]), default, default, 1e-5),
        ];
        Tape<float> tape = new();
        for (int i = 0; i < operations.Length; i++)
        {
            p.ClearGradient();
            using (tape.Record())
            {
                Tensor<float> y = operations[i](p.Value);
                tape.Backward(y, Tensor<float>.Zeros(y.Shape));
            }
            Assert.That(p.Gradient.Length, Is.Zero, $"operation {i}");
        }
        Assert.That(Initializers.FanIn(p.Shape) * Initializers.FanOut(p.Shape), Is.Zero);
    }

    /// <summary>Catches an index from the end that counts from the number of elements, which <c>Length</c> is here.</summary>
    [Test]
    public void Axes_count_from_the_end_too()
    {
        Shape shape = [2, 3, 5];
        Assert.That((shape[^1], shape[^3], shape[(Index)1]), Is.EqualTo((5, 2, 3)));
        foreach (Index wrong in (Index[])[^0, ^4, ^5, 3])
        {
            Assert.That(() => _ = shape[wrong], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("from -3 to 2"));
        }
    }

    /// <summary>An allocation on the stack for each of them.</summary>
    [Test]
    public void Millions_of_axes_are_refused()
    {
        int[] many = new int[3_000_000];
        many[0] = -1;
        Tensor<float> x = Tensor<float>.Zeros([2, 3]);
        Assert.That(() => x.Reshape(many), Throws.ArgumentException.With.Message.Contains("3000000 dimensions"));
        Assert.That(() => x.Permute(many), Throws.ArgumentException.With.Message.Contains("3000000 axes"));
        Assert.That(() => x.Sum(many), Throws.ArgumentException.With.Message.Contains("3000000 axes"));
        Assert.That(() => Tensor<float>.Zeros(new Shape(many)), Throws.ArgumentException.With.Message.Contains("3000000 dimensions"));
    }

    /// <summary>"Expected 0 to -1".</summary>
    [Test]
    public void Where_there_is_nothing_to_choose_from_the_message_says_so()
    {
        Tensor<float> scalar = Tensor<float>.From([1], Shape.Scalar), empty = Tensor<float>.Zeros([2, 0]);
        Assert.That(
            () => scalar.Select(0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("expected none for the"));
        Assert.That(() => scalar.Shape[0], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("expected none"));
        Assert.That(() => empty[0, 0], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("which has no elements"));
        Assert.That(() => empty[2, 0], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("expected 0 to 1"));
        Assert.That(
            () => Tensor<float>.Zeros([1, 0]).CrossEntropy([0]),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("there are no classes"));
    }

    /// <summary>Numbers in messages as the machine's culture writes them.</summary>
    [Test]
    public void Messages_are_the_same_in_every_culture()
    {
        Tensor<double> x = Tensor<double>.Zeros([2, 3]);
        (Action Act, string Message)[] cases =
        [
            (() => x.Sum(-7), "Sum: got axis -7, expected one from -2 to 1 for the shape [2, 3]. (Parameter 'axis')"),
            (() => _ = x[0, -1], "Tensor: got index -1 on axis 1 of the shape [2, 3], expected 0 to 2. (Parameter 'indices')"),
            (() => x.LayerNorm([3], -1.5), "LayerNorm: got ε = -1.5, expected a number that is not negative. (Parameter 'epsilon')"),
            (() => x.Dropout(-1.5, default),
                "Dropout: got the probability -1.5, expected one from 0 to below 1. (Parameter 'probability')"),
            (() => GradientClip.ByNorm(-1.5), "GradientClip: got maxNorm = -1.5, expected a positive number. (Parameter 'maxNorm')"),
            (() => new Shape(2, -3), "Shape: got the extents [2, -3], expected non-negative numbers. (Parameter 'extents')"),
        ];
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo other = new("") { NumberFormat = { NegativeSign = "−", NumberDecimalSeparator = "," } };
        try
        {
            CultureInfo.CurrentCulture = other;
            foreach ((Action act, string message) in cases)
            {
                Assert.That(Assert.Catch(() => act())!.Message, Is.EqualTo(message));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
