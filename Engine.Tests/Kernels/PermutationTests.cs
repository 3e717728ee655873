using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Permuted axes, compared with a loop over every index.</summary>
internal sealed class PermutationTests
{
    /// <summary>
    /// Catches axes merged that are not adjacent, and errors at the edges of tiles: all orders of up to five axes, also of length 1 and
    /// 0.
    /// </summary>
    [Test]
    public void Every_order_of_axes_puts_every_element_in_its_place()
    {
        int[][] shapes =
        [
            [], [5], [1, 4], [33, 65], [0, 3], [2, 3, 4], [1, 3, 1], [3, 40, 2],
            [2, 1, 3, 4], [3, 2, 35, 2], [2, 3, 1, 2, 3], [2, 2, 3, 2, 2],
        ];
        foreach (int[] extents in shapes)
        {
            int length = extents.Aggregate(1, static (product, extent) => product * extent);
            float[] x = [.. Enumerable.Range(0, length).Select(static i => (float)i)];
            foreach (int[] order in Orders(extents.Length))
            {
                float[] y = new float[length];
                Permutation.Copy<float>(x, extents, order, y);
                string what = $"[{string.Join(',', extents)}] in the order {string.Join(',', order)}";
                Assert.That(y, Is.EqualTo(Naive(x, extents, order)), what);
            }
        }
    }

    [Test]
    public void The_number_of_threads_changes_nothing([Values(1, 2, 7)] int threads)
    {
        using Threads set = Threads.Set(threads);
        (int[] Extents, int[] Order)[] cases =
        [
            ([301, 257], [1, 0]), ([17, 65, 70], [0, 2, 1]), ([65, 17, 70], [1, 0, 2]), ([40, 50, 45], [2, 1, 0]),
        ];
        foreach ((int[] extents, int[] order) in cases)
        {
            double[] x = Samples.Uniform<double>(extents.Aggregate(1, static (product, extent) => product * extent));
            double[] y = new double[x.Length];
            Permutation.Copy<double>(x, extents, order, y);
            Assert.That(y, Is.EqualTo(Naive(x, extents, order)), string.Join(',', extents));
        }
    }

    private static T[] Naive<T>(T[] x, int[] extents, int[] order)
    {
        T[] y = new T[x.Length];
        int[] index = new int[order.Length];
        for (int to = 0; to < y.Length; to++)
        {
            int[] source = new int[order.Length];
            for (int j = 0; j < order.Length; j++)
            {
                source[order[j]] = index[j];
            }
            int from = 0;
            for (int axis = 0; axis < extents.Length; axis++)
            {
                from = from * extents[axis] + source[axis];
            }
            y[to] = x[from];
            for (int j = order.Length - 1; j >= 0 && ++index[j] == extents[order[j]]; j--)
            {
                index[j] = 0;
            }
        }
        return y;
    }

    private static IEnumerable<int[]> Orders(int rank)
    {
        if (rank == 0)
        {
            yield return [];
            yield break;
        }
        foreach (int[] shorter in Orders(rank - 1))
        {
            for (int place = 0; place < rank; place++)
            {
                yield return [.. shorter[..place], rank - 1, .. shorter[place..]];
            }
        }
    }
}
