using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Broadcasting and its transpose, against loops over every index.</summary>
internal sealed class BroadcastingTests
{
    /// <summary>Axes merged that are not traversed alike, a stride of an extent of 1, a scalar taken for a vector.</summary>
    [Test]
    [Category("Slow")]
    public void Operations_agree_with_a_loop_over_every_index()
    {
        Random random = new(11);
        for (int trial = 0; trial < 2000; trial++)
        {
            (int[] shapeA, int[] shapeB, int[] shape) = Shapes(random, trial % 10 == 0 ? 40 : 5);
            double[] a = Samples.Uniform<double>(Length(shapeA), trial), b = Samples.Uniform<double>(Length(shapeB), -trial, 0.5, 2),
                y = new double[Length(shape)];
            string what = $"[{string.Join(',', shapeA)}] and [{string.Join(',', shapeB)}]";

            Broadcasting.Zip<SubtractKernel<double>, double>(a, shapeA, b, shapeB, y, shape);
            SameBits.Check<double>(y, Naive(shapeA, shapeB, shape, (i, j) => a[i] - b[j]), what);
            Broadcasting.Zip<DivideKernel<double>, double>(a, shapeA, b, shapeB, y, shape);
            SameBits.Check<double>(y, Naive(shapeA, shapeB, shape, (i, j) => a[i] / b[j]), what);
            Broadcasting.Zip<BroadcastKernel<double>, double>(a, shapeA, b, shapeB, y, shape);
            SameBits.Check<double>(y, Naive(shapeA, shapeB, shape, (i, _) => a[i]), what);
        }
    }

    /// <summary>A sum over too few axes, in the wrong place, or not at all where an axis has no elements.</summary>
    [Test]
    [Category("Slow")]
    public void Sums_to_a_smaller_shape_agree_with_a_loop_over_every_index()
    {
        Random random = new(12);
        for (int trial = 0; trial < 2000; trial++)
        {
            (int[] target, _, int[] shape) = Shapes(random, trial % 10 == 0 ? 40 : 5);
            double[] g = Samples.Whole<double>(Length(shape), trial), dx = new double[Length(target)], expected = new double[dx.Length],
                scratch = new double[Broadcasting.Scratch(shape, target)];
            Array.Fill(dx, double.NaN);
            Broadcasting.SumTo<double>(g, shape, dx, target, scratch);
            int flat = 0;
            foreach ((int i, _) in Indices(target, target, shape))
            {
                expected[i] += g[flat++];
            }
            Assert.That(dx, Is.EqualTo(expected), $"[{string.Join(',', shape)}] to [{string.Join(',', target)}]");
        }
    }

    /// <summary>Scratch that is asked for where none is used doubles the memory of every bias.</summary>
    [TestCase(new[] { 64, 10 }, new[] { 10 }, 0)]
    [TestCase(new[] { 64, 10 }, new[] { 64, 1 }, 0)]
    [TestCase(new[] { 8, 3, 5, 5 }, new[] { 3, 1, 1 }, 24)]
    [TestCase(new[] { 0, 3, 5 }, new[] { 3, 1 }, 0)]
    public void Scratch_is_what_lies_between_two_sums(int[] shape, int[] target, int expected) =>
        Assert.That(Broadcasting.Scratch(shape, target), Is.EqualTo(expected));

    [Test]
    [Category("Slow")]
    public void Threads_change_nothing()
    {
        int[][][] cases = [[[300, 1], [1, 400]], [[], [120_000]], [[50, 40, 60], [40, 1]], [[120_000], [1]]];
        foreach (int[][] shapes in cases)
        {
            Shape shape = Shape.Broadcast(new Shape(shapes[0]), new Shape(shapes[1]), "test");
            float[] a = Samples.Uniform<float>(Length(shapes[0])), b = Samples.Uniform<float>(Length(shapes[1]), 2);
            float[] expected = [.. Indices(shapes[0], shapes[1], shape.ToArray()).Select(pair => a[pair.A] * b[pair.B])];
            foreach (int threads in (int[])[1, 2, 7])
            {
                using (Threads.Set(threads))
                {
                    float[] y = new float[shape.Length];
                    Broadcasting.Zip<MultiplyKernel<float>, float>(a, shapes[0], b, shapes[1], y, shape.Extents);
                    SameBits.Check<float>(y, expected, $"{shape}, {threads} threads");
                }
            }
        }
    }

    private static double[] Naive(int[] a, int[] b, int[] shape, Func<int, int, double> f) =>
        [.. Indices(a, b, shape).Select(pair => f(pair.A, pair.B))];

    /// <summary>The flat indices into a and b for each element of the shape, in order.</summary>
    private static IEnumerable<(int A, int B)> Indices(int[] a, int[] b, int[] shape)
    {
        int[] index = new int[shape.Length];
        for (int count = Length(shape); count > 0; count--)
        {
            yield return (Flat(a, index), Flat(b, index));
            for (int axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
            {
                index[axis] = 0;
            }
        }
    }

    private static int Flat(int[] shape, int[] index)
    {
        int flat = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            flat = flat * shape[axis] + (shape[axis] == 1 ? 0 : index[index.Length - shape.Length + axis]);
        }
        return flat;
    }

    private static int Length(int[] shape) => shape.Aggregate(1, static (product, extent) => product * extent);

    private static (int[] A, int[] B, int[] Shape) Shapes(Random random, int largest)
    {
        int rank = random.Next(0, largest > 10 ? 4 : 7);
        int[] a = new int[rank], b = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            a[axis] = b[axis] = random.Next(0, 12) == 0 ? 0 : random.Next(1, largest + 1);
            switch (random.Next(0, 4))
            {
                case 0:
                    a[axis] = 1;
                    break;
                case 1:
                    b[axis] = 1;
                    break;
            }
        }
        int[] shape = [.. a.Zip(b, static (x, y) => x == 1 ? y : x)];
        // axes of extent 1 at the front may be missing
        int skipA = random.Next(0, 1 + a.TakeWhile(static extent => extent == 1).Count()),
            skipB = random.Next(0, 1 + b.TakeWhile(static extent => extent == 1).Count());
        return (a[skipA..], b[skipB..], shape);
    }
}
