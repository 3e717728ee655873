using NUnit.Framework;

namespace Engine.Tests;

/// <summary>The matrix product of NumPy's matmul, against plain loops. Whole numbers: every order of additions gives the same.</summary>
internal sealed class MatMulTests
{
    [TestCase(new[] { 4 }, new[] { 4 }, new int[0])]
    [TestCase(new[] { 3, 4 }, new[] { 4 }, new[] { 3 })]
    [TestCase(new[] { 4 }, new[] { 4, 2 }, new[] { 2 })]
    [TestCase(new[] { 3, 4 }, new[] { 4, 2 }, new[] { 3, 2 })]
    [TestCase(new[] { 33, 65 }, new[] { 65, 47 }, new[] { 33, 47 })]
    [TestCase(new[] { 2, 3, 4 }, new[] { 4, 5 }, new[] { 2, 3, 5 })]
    [TestCase(new[] { 3, 4 }, new[] { 2, 4, 5 }, new[] { 2, 3, 5 })]
    [TestCase(new[] { 2, 3, 4 }, new[] { 4 }, new[] { 2, 3 })]
    [TestCase(new[] { 4 }, new[] { 2, 4, 5 }, new[] { 2, 5 })]
    [TestCase(new[] { 5, 1, 3, 4 }, new[] { 2, 4, 2 }, new[] { 5, 2, 3, 2 })]
    [TestCase(new[] { 5, 2, 3, 4 }, new[] { 1, 2, 4, 2 }, new[] { 5, 2, 3, 2 })]
    [TestCase(new[] { 2, 1, 3, 1, 2, 3 }, new[] { 2, 1, 4, 3, 2 }, new[] { 2, 2, 3, 4, 2, 2 })]
    [TestCase(new[] { 60, 13, 17 }, new[] { 60, 17, 19 }, new[] { 60, 13, 19 })]
    [TestCase(new[] { 3, 0 }, new[] { 0, 2 }, new[] { 3, 2 })]
    [TestCase(new[] { 2, 3, 0 }, new[] { 2, 0, 2 }, new[] { 2, 3, 2 })]
    [TestCase(new[] { 0, 3 }, new[] { 3, 2 }, new[] { 0, 2 })]
    [TestCase(new[] { 0, 3, 4 }, new[] { 4, 2 }, new[] { 0, 3, 2 })]
    [TestCase(new[] { 0, 3, 4 }, new[] { 1, 4, 2 }, new[] { 0, 3, 2 })]
    public void Shapes_and_values_for_all_transposes_and_thread_counts(int[] shapeA, int[] shapeB, int[] shape)
    {
        Tensor<double> a = Whole(shapeA, 1), b = Whole(shapeB, 2);
        Tensor<double> expected = Naive(a, b, new Shape(shape));
        foreach (int threads in (int[])[1, 2, 7])
        {
            using Threads set = Threads.Set(threads);
            foreach (bool transposeA in (bool[])[false, true])
            {
                foreach (bool transposeB in (bool[])[false, true])
                {
                    Tensor<double> y = Stored(a, transposeA).MatMul(Stored(b, transposeB), transposeA, transposeB);
                    Assert.That(y.Shape, Is.EqualTo(expected.Shape));
                    Assert.That(y.ToArray(), Is.EqualTo(expected.ToArray()), $"{threads} threads, {transposeA}, {transposeB}");
                }
            }
        }
    }

    /// <summary>The gradient of a factor that batches share is the sum over them, also where there is none.</summary>
    [Test]
    public void No_batches_give_a_zero_gradient([Values] bool transposeA)
    {
        Parameter<double> a = new("a", Tensor<double>.Zeros(transposeA ? [0, 4, 3] : [0, 3, 4])), b = new("b", Whole([4, 2], 1));
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward(a.Value.MatMul(b.Value, transposeA).Sum());
        }
        Assert.That(b.Gradient.ToArray(), Is.All.Zero);
    }

    [TestCase(new[] { 2, 3 }, new[] { 2, 3 }, "inner dimensions differ: 3 and 2")]
    [TestCase(new int[0], new[] { 2 }, "at least one axis")]
    [TestCase(new[] { 3 }, new[] { 4 }, "inner dimensions differ: 3 and 4")]
    [TestCase(new[] { 2, 3, 4 }, new[] { 3, 4, 5 }, "batch axes: the shapes [2] and [3]")]
    public void Shapes_that_do_not_fit_throw(int[] shapeA, int[] shapeB, string message) =>
        Assert.That(() => Whole(shapeA, 1).MatMul(Whole(shapeB, 2)), Throws.ArgumentException.With.Message.Contains(message));

    [Test]
    public void A_transposed_factor_is_named_in_the_message() =>
        Assert.That(
            () => Whole([2, 3], 1).MatMul(Whole([3, 2], 2), transposeB: true),
            Throws.ArgumentException.With.Message.Contains("[3, 2] transposed: inner dimensions differ: 3 and 2"));

    private static Tensor<double> Whole(int[] shape, int seed)
    {
        Shape extents = new(shape);
        return Tensor<double>.From(Samples.Whole<double>(extents.Length, seed), extents);
    }

    /// <summary>The tensor with its last two axes exchanged; a vector as it is.</summary>
    private static Tensor<double> Stored(Tensor<double> x, bool transposed)
    {
        int rank = x.Shape.Rank;
        return transposed && rank > 1 ? x.Permute([.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]) : x;
    }

    private static Tensor<double> Naive(Tensor<double> a, Tensor<double> b, Shape shape)
    {
        Tensor<double> left = a.Shape.Rank == 1 ? a.Reshape(1, -1) : a, right = b.Shape.Rank == 1 ? b.Reshape(b.Length, 1) : b;
        int m = left.Shape[-2], k = left.Shape[-1], n = right.Shape[-1];
        Shape batchA = new(left.Shape.Extents[..^2]), batchB = new(right.Shape.Extents[..^2]),
            batch = Shape.Broadcast(batchA, batchB, "test");
        // the number of each batch's matrix, broadcast by the operation that is tested elsewhere
        Tensor<double> numbersA = Numbers(batchA) + Tensor<double>.Zeros(batch), numbersB = Numbers(batchB) + Tensor<double>.Zeros(batch);
        double[] y = new double[shape.Length];
        for (int i = 0; i < batch.Length; i++)
        {
            int offsetA = (int)numbersA.Span[i] * m * k, offsetB = (int)numbersB.Span[i] * k * n;
            for (int row = 0; row < m; row++)
            {
                for (int column = 0; column < n; column++)
                {
                    for (int inner = 0; inner < k; inner++)
                    {
                        y[(i * m + row) * n + column] += left.Span[offsetA + row * k + inner] * right.Span[offsetB + inner * n + column];
                    }
                }
            }
        }
        return Tensor<double>.From(y, shape);
    }

    private static Tensor<double> Numbers(Shape batch) =>
        Tensor<double>.From([.. Enumerable.Range(0, batch.Length).Select(static i => (double)i)], batch);
}
