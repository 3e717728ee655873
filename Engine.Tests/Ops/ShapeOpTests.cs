using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Sums, means, views, orders of axes, and numbers as operands: values and errors.</summary>
internal sealed class ShapeOpTests
{
    private static readonly Tensor<double> s_x = Tensor<double>.From([1, 2, 3, 4, 5, 6], [2, 3]);

    [Test]
    public void Sums_and_means()
    {
        Assert.That(s_x.Sum().Item, Is.EqualTo(21));
        Assert.That(s_x.Mean().Item, Is.EqualTo(3.5));
        Assert.That(s_x.Sum(0).ToArray(), Is.EqualTo((double[])[5, 7, 9]));
        Assert.That(s_x.Mean(-1).ToArray(), Is.EqualTo((double[])[2, 5]));
        Assert.That(s_x.Sum(1, keepDimensions: true).Shape, Is.EqualTo(new Shape(2, 1)));
        Assert.That(s_x.Mean([0, 1], keepDimensions: true).Shape, Is.EqualTo(new Shape(1, 1)));
        Assert.That(s_x.Sum([]).ToArray(), Is.EqualTo(s_x.ToArray()));
    }

    /// <summary>A mean by multiplication with 1/n is off by a rounding for 49 of the first 100 n.</summary>
    [Test]
    public void A_mean_is_divided_once()
    {
        for (int n = 1; n <= 100; n++)
        {
            Assert.That(Tensor<double>.Full([n], 1).Mean().Item, Is.EqualTo(1), $"{n}");
            Assert.That(Tensor<float>.Full([n], 1).Mean().Item, Is.EqualTo(1), $"{n}");
        }
    }

    /// <summary>NumPy's conventions: an empty sum is 0, an empty mean is 0/0.</summary>
    [Test]
    public void Of_nothing()
    {
        Tensor<float> none = Tensor<float>.Zeros([0, 3]);
        Assert.That(none.Sum().Item, Is.Zero);
        Assert.That(none.Mean().Item, Is.NaN);
        Assert.That(none.Sum(0).ToArray(), Is.EqualTo((float[])[0, 0, 0]));
        Assert.That(none.Mean(0).ToArray(), Is.EqualTo((float[])[float.NaN, float.NaN, float.NaN]));
        Assert.That(none.Sum(1).Shape, Is.EqualTo(new Shape(0)));
        Assert.That(Tensor<float>.Zeros([2, 0, 3]).Sum([0, 1]).ToArray(), Is.EqualTo((float[])[0, 0, 0]));
        Assert.That(Tensor<float>.Zeros([2, 3, 0]).Sum(1).Shape, Is.EqualTo(new Shape(2, 0)));
        Assert.That(none.Transpose().Shape, Is.EqualTo(new Shape(3, 0)));
    }

    [Test]
    public void Axes_that_are_not_there_throw()
    {
        Assert.That(
            () => s_x.Sum(2),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(
                "Sum: got axis 2, expected one from -2 to 1 for the shape [2, 3]"));
        Assert.That(() => s_x.Mean(-3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => s_x.Mean([1, -1]), Throws.ArgumentException.With.Message.Contains("axis -1 twice"));
        Assert.That(() => s_x.LogSoftmax(5), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("LogSoftmax"));
        Assert.That(() => s_x.Permute(0), Throws.ArgumentException.With.Message.Contains("got 1 axes"));
        Assert.That(() => s_x.Permute(0, 0), Throws.ArgumentException.With.Message.Contains("twice"));
        Assert.That(() => s_x.Permute(0, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => s_x.Reshape(6).Transpose(), Throws.InvalidOperationException.With.Message.Contains("[6]"));
    }

    [Test]
    public void Orders_of_axes()
    {
        Assert.That(s_x.Transpose().ToArray(), Is.EqualTo((double[])[1, 4, 2, 5, 3, 6]));
        Assert.That(s_x.Permute(-1, 0).ToArray(), Is.EqualTo(s_x.Transpose().ToArray()));
        Assert.That(Tensor<double>.Zeros([2, 3, 4]).Permute(2, 0, 1).Shape, Is.EqualTo(new Shape(4, 2, 3)));
    }

    /// <summary>A bound that is off by one, extents that are lost behind the changed ones.</summary>
    [Test]
    public void Shapes_at_their_bounds()
    {
        Assert.That(Tensor<double>.Zeros([2, 3, 4, 5]).Flatten(1, 2).Shape, Is.EqualTo(new Shape(2, 12, 5)));
        Assert.That(s_x.Reshape(1, 1, 1, 1, 1, -1).Shape, Is.EqualTo(new Shape(1, 1, 1, 1, 1, 6)));
        Assert.That(s_x.Unsqueeze(-3).Shape, Is.EqualTo(new Shape(1, 2, 3)));
        Assert.That(s_x.Unsqueeze(2).Shape, Is.EqualTo(new Shape(2, 3, 1)));
        Assert.That(Tensor<double>.Zeros([1, 2, 1, 1, 1]).Unsqueeze(0).Shape, Is.EqualTo(new Shape(1, 1, 2, 1, 1, 1)));
        Assert.That(Tensor<double>.OneHot([0, 0], 1).ToArray(), Is.EqualTo((double[])[1, 1]));
        Tensor<double> widest = Tensor<double>.Concat([Tensor<double>.Zeros([0, int.MaxValue]), Tensor<double>.Zeros([0, 0])], 1);
        Assert.That(widest.Shape, Is.EqualTo(new Shape(0, int.MaxValue)));
        Assert.That(s_x.Split(1, 0)[0].ToArray(), Is.EqualTo(s_x.ToArray()));
        Assert.That(Tensor<double>.Zeros([0, 3]).Gather(1, []).Shape, Is.EqualTo(new Shape(0, 0)));
    }

    /// <summary>The wrong side, a diagonal on the wrong side, or without the diagonal itself.</summary>
    [TestCase(0, new double[] { 1, 0, 0, 4, 5, 0 }, new double[] { 1, 2, 3, 0, 5, 6 })]
    [TestCase(1, new double[] { 1, 2, 0, 4, 5, 6 }, new double[] { 0, 2, 3, 0, 0, 6 })]
    [TestCase(-1, new double[] { 0, 0, 0, 4, 0, 0 }, new double[] { 1, 2, 3, 4, 5, 6 })]
    public void Triangles(int diagonal, double[] lower, double[] upper)
    {
        Assert.That(s_x.LowerTriangle(diagonal).ToArray(), Is.EqualTo(lower));
        Assert.That(s_x.UpperTriangle(diagonal).ToArray(), Is.EqualTo(upper));
    }

    /// <summary>Memory of the tape that is returned as it was.</summary>
    [Test]
    public void Memory_that_was_used_before_is_written()
    {
        Tape<double> tape = new();
        for (int recording = 0; recording < 2; recording++)
        {
            using (tape.Record())
            {
                Assert.That(s_x.Detach().ToArray(), Is.EqualTo(s_x.ToArray()));
                foreach (double p in (double[])[1, 2, 3, double.PositiveInfinity])
                {
                    Assert.That(Tensor<double>.Zeros([2, 0]).Norm(1, p: p).ToArray(), Is.EqualTo((double[])[0, 0]));
                }
                _ = Tensor<double>.Full([64], 7) + 1;
            }
        }
    }

    [Test]
    public void A_view_is_the_same_memory()
    {
        Parameter<double> p = new("p", s_x);
        Tensor<double> view = p.Value.Reshape(3, -1);
        Assert.That(view.Shape, Is.EqualTo(new Shape(3, 2)));
        p.SetValue(s_x * 10);
        Assert.That(view[2, 1], Is.EqualTo(60));
        Assert.That(s_x.Reshape([-1]).Shape, Is.EqualTo(new Shape(6)));
        Assert.That(s_x.Reshape(new Shape(1, 6)).Shape, Is.EqualTo(new Shape(1, 6)));
        Assert.That(Tensor<double>.From(1).Reshape().Shape, Is.EqualTo(Shape.Scalar));
        Assert.That(Tensor<double>.Zeros([0, 3]).Reshape(3, -1).Shape, Is.EqualTo(new Shape(3, 0)));
    }

    [TestCase(new[] { 4, 2 }, "8 elements")]
    [TestCase(new[] { 4, -1 }, "divide that number")]
    [TestCase(new[] { 0, -1 }, "divide that number")]
    [TestCase(new[] { -1, -1 }, "Reshape: got [-1, -1] for the shape [2, 3], expected non-negative extents, or a single -1 among them")]
    [TestCase(new[] { -6 }, "Reshape: got [-6] for the shape [2, 3], expected")]
    [TestCase(new[] { -6, -1 }, "Reshape: got [-6, -1] for the shape [2, 3], expected")]
    public void Views_that_do_not_fit_throw(int[] extents, string message) =>
        Assert.That(() => s_x.Reshape(extents), Throws.ArgumentException.With.Message.Contains(message));

    /// <summary>
    /// A number takes part rounded to the tensor's precision, in one operation: not as a reciprocal, not as a sum that turns −0 into 0.
    /// </summary>
    [Test]
    public void Numbers_as_operands()
    {
        float[] values = [-0f, 0f, 3f, -7.5f, float.NaN, float.PositiveInfinity, 1e-40f];
        Tensor<float> x = Tensor<float>.From(values);
        float tenth = 0.1f;
        Check(x + 0.1, v => v + tenth);
        Check(0.1 + x, v => tenth + v);
        Check(x - 0.1, v => v - tenth);
        Check(0.1 - x, v => tenth - v);
        Check(x * 0.1, v => v * tenth);
        Check(0.1 * x, v => tenth * v);
        Check(x / 0.1, v => v / tenth);
        Check(0.1 / x, v => tenth / v);

        void Check(Tensor<float> actual, Func<float, float> expected) =>
            SameBits.Check<float>(actual.Span, [.. values.Select(expected)], "number");
    }

    [Test]
    public void Shapes_that_do_not_broadcast_throw_with_the_operations_name()
    {
        Tensor<double> other = Tensor<double>.Zeros([4]);
        Assert.That(
            () => s_x + other, Throws.ArgumentException.With.Message.StartsWith("Add: the shapes [2, 3] and [4] do not broadcast"));
        Assert.That(() => s_x - other, Throws.ArgumentException.With.Message.StartsWith("Subtract"));
        Assert.That(() => s_x * other, Throws.ArgumentException.With.Message.StartsWith("Multiply"));
        Assert.That(() => s_x / other, Throws.ArgumentException.With.Message.StartsWith("Divide"));
    }
}
