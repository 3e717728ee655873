using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>Reductions and running sums along an axis: the same bits in every lane and for every number of threads.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed unsafe class AxisFoldTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly AxisLayout[] s_layouts =
    [
        new(1, 1, 1), new(3, 1, 4), new(7, 3, 1), new(2, 63, 1), new(3, 64, 1), new(2, 65, 1), new(5, 129, 1), new(2, 4097, 1),
        new(1, 3 * 4096 + 77, 1), new(2, 5, 7), new(1, 300, 17), new(3, 129, 65), new(4, 40, 33),
    ];

    /// <summary>
    /// Another order than that of the sums: a lane with an order of its own, a tail taken twice, a block in the wrong place, and threads
    /// that combine as they finish.
    /// </summary>
    [Test]
    public void Sums_have_the_bits_of_the_sum_along_an_axis()
    {
        foreach (AxisLayout layout in (AxisLayout[])[.. s_layouts, new(3, 40_000, 1), new(2000, 70, 1), new(900, 5, 33), new(3, 257, 200)])
        {
            T[] x = Samples.Uniform<T>(layout.Length, 5), expected = new T[layout.Places], y = new T[layout.Places];
            Reduction.SumAxis<T>(x, expected, layout.Outer, layout.N, layout.Inner);
            foreach (int threads in (int[])[1, 2, 7])
            {
                using Threads _ = Threads.Set(threads);
                Array.Fill(y, T.NaN);
                AxisFold.Run<SumFold, TermOf<IdentityTerm>, T>(default, x, [], y, layout);
                SameBits.Check<T>(y, expected, $"{layout}, {threads} threads");
            }
        }
    }

    /// <summary>A statistic of another place, and other arithmetic in a tail or in one lane.</summary>
    [TestCaseSource(nameof(s_layouts))]
    public void Every_lane_gives_the_same_bits(object given)
    {
        AxisLayout layout = (AxisLayout)given;
        Lanes<SumFold, TermOf<SquaredDifferenceTerm>>(layout);
        Lanes<ProductFold, TermOf<IdentityTerm>>(layout);
        Lanes<MaxFold, TermOf<AbsoluteTerm>>(layout);
        Lanes<MinFold, TermOf<IdentityTerm>>(layout);
    }

    private static void Lanes<TFold, TTerm>(AxisLayout layout)
        where TFold : struct, IFold where TTerm : unmanaged, IPairFunction
    {
        T[] x = Samples.Uniform<T>(layout.Length, 1), s = Samples.Uniform<T>(layout.Places, 2);
        int n = layout.N, inner = layout.Inner, blocks = Reduction.BlockCount(n);
        fixed (T* px = x, ps = s)
        {
            T* source = px, statistics = ps;
            if (inner == 1)
            {
                Compare(
                    layout.Outer * blocks, layout.Outer * blocks,
                    y => new AxisFold.BlockKernel<TFold, TTerm, T>(default, source, statistics, y, n, blocks));
            }
            Compare(
                layout.Places, layout.Places,
                y => new Columns.ChunkKernel<AxisFold.ColumnBody<TFold, TTerm, T>, T>(
                    new(default, source, statistics, y, n, inner), n, inner));
        }
    }

    /// <summary>The sums, from both ends, against a plain loop over blocks; and the products of the others.</summary>
    [TestCaseSource(nameof(s_layouts))]
    public void Running_sums_and_products_are_those_of_plain_loops(object given)
    {
        AxisLayout layout = (AxisLayout)given;
        T[] x = Samples.Uniform<T>(layout.Length, 1), g = Samples.Uniform<T>(layout.Places, 2), y = new T[x.Length], sums = new T[x.Length],
            reversed = new T[x.Length], products = new T[x.Length];
        for (int place = 0; place < layout.Places; place++)
        {
            (int outer, int column) = Math.DivRem(place, layout.Inner);
            int At(int i) => (outer * layout.N + i) * layout.Inner + column;
            T before = T.Zero, beforeReversed = T.Zero, sum = T.Zero, sumReversed = T.Zero, product = g[place], after = T.One;
            for (int i = 0; i < layout.N; i++)
            {
                int j = layout.N - 1 - i;
                if (i % 128 == 0)
                {
                    (before, sum, beforeReversed, sumReversed) = (before + sum, T.Zero, beforeReversed + sumReversed, T.Zero);
                }
                sum += x[At(i)];
                sumReversed += x[At(j)];
                (sums[At(i)], reversed[At(j)]) = (before + sum, beforeReversed + sumReversed);
                products[At(i)] = product;
                product *= x[At(i)];
            }
            for (int i = layout.N - 1; i >= 0; i--)
            {
                products[At(i)] *= after;
                after *= x[At(i)];
            }
        }
        foreach (int threads in (int[])[1, 7])
        {
            using Threads _ = Threads.Set(threads);
            Scan.Sum<T>(x, y, layout, reverse: false);
            SameBits.Check<T>(y, sums, "sums");
            Scan.Sum<T>(x, y, layout, reverse: true);
            SameBits.Check<T>(y, reversed, "sums from the end");
            Scan.ProductsOfOthers<T>(x, g, y, layout);
            SameBits.Check<T>(y, products, "products");
        }
        int n = layout.N, inner = layout.Inner;
        fixed (T* px = x, pg = g)
        {
            T* source = px, gradient = pg;
            Compare(
                x.Length, layout.Places, r => new Columns.ChunkKernel<Scan.SumBody<T>, T>(new(source, r, n, inner), n, inner));
            Compare(
                x.Length, layout.Places,
                r => new Columns.ChunkKernel<Scan.ProductBody<T>, T>(new(source, gradient, r, n, inner), n, inner));
        }
    }

    /// <summary>Numbers of another place: the first and last element of each row or column too.</summary>
    [TestCaseSource(nameof(s_layouts))]
    public void Gradients_use_the_numbers_of_their_place(object given)
    {
        AxisLayout layout = (AxisLayout)given;
        T[] x = Samples.Uniform<T>(layout.Length, 1), a = Samples.Uniform<T>(layout.Places, 2), b = Samples.Uniform<T>(layout.Places, 3);
        T[] expected = [
            .. x.Select((value, i) =>
            {
                int place = i / (layout.N * layout.Inner) * layout.Inner + i % layout.Inner;
                return (value - a[place]) * b[place];
            })];
        T[] dx = new T[x.Length];
        AxisGradient.Run<VarianceOp.CenteredGradient, T>(default, x, a, b, dx, layout);
        SameBits.Check<T>(dx, expected, "dx");
        int n = layout.N, inner = layout.Inner;
        fixed (T* px = x, pa = a, pb = b)
        {
            T* source = px, first = pa, second = pb;
            Compare(
                x.Length, x.Length,
                r => new AxisGradient.GradientKernel<VarianceOp.CenteredGradient, T>(default, source, first, second, r, n, inner));
        }
    }

    /// <summary>The identity for no elements, and NaN and both zeros wherever they are.</summary>
    [Test]
    public void Extrema_of_special_numbers([Values(1, 3)] int inner, [Values(1, 5, 64, 200)] int n)
    {
        T[] y = new T[inner];
        AxisFold.Run<MaxFold, TermOf<IdentityTerm>, T>(default, [], [], y, new(1, 0, inner));
        Assert.That(y, Is.All.EqualTo(T.NegativeInfinity));
        for (int at = 0; at < n; at++)
        {
            T[] x = new T[n * inner];
            x[at * inner] = T.NaN;
            AxisFold.Run<MaxFold, TermOf<IdentityTerm>, T>(default, x, [], y, new(1, n, inner));
            Assert.That(T.IsNaN(y[0]), $"NaN at {at}");
            AxisFold.Run<MinFold, TermOf<IdentityTerm>, T>(default, x, [], y, new(1, n, inner));
            Assert.That(T.IsNaN(y[0]), $"NaN at {at}");
            x[at * inner] = T.One;
            AxisFold.Run<MaxFold, TermOf<IdentityTerm>, T>(default, x, [], y, new(1, n, inner));
            Assert.That(y[0], Is.EqualTo(T.One), $"1 at {at}");
        }
    }

    [Test]
    public void Wrong_lengths_throw()
    {
        AxisLayout layout = new(2, 3, 1);
        foreach ((int x, int s, int y) in (ReadOnlySpan<(int, int, int)>)[(5, 0, 2), (6, 0, 3), (6, 3, 2)])
        {
            Assert.That(
                () => AxisFold.Run<SumFold, TermOf<IdentityTerm>, T>(default, new T[x], new T[s], new T[y], layout),
                Throws.ArgumentException);
        }
        Assert.That(static () => Scan.Sum<T>(new T[5], new T[6], new(2, 3, 1), false), Throws.ArgumentException);
        Assert.That(static () => Scan.ProductsOfOthers<T>(new T[6], new T[3], new T[6], new(2, 3, 1)), Throws.ArgumentException);
        Assert.That(
            static () => AxisGradient.Run<VarianceOp.CenteredGradient, T>(default, new T[6], new T[2], new T[3], new T[6], new(2, 3, 1)),
            Throws.ArgumentException);
    }

    private delegate TKernel Create<TKernel>(T* result);

    /// <summary>Runs a kernel in each lane, once in two chunks, and fails if the results differ.</summary>
    private static void Compare<TKernel>(int length, int count, Create<TKernel> create) where TKernel : IKernel<T>
    {
        T[] scalar = new T[length], wide = new T[length], wide512 = new T[length];
        fixed (T* a = scalar, b = wide, c = wide512)
        {
            create(a).Run<Scalar<T>>(0, count);
            TKernel chunks = create(b);
            chunks.Run<Wide<T>>(0, count / 2);
            chunks.Run<Wide<T>>(count / 2, count);
            create(c).Run<Wide512<T>>(0, count);
        }
        SameBits.Check<T>(wide, scalar, $"{typeof(TKernel).Name}, own width");
        SameBits.Check<T>(wide512, scalar, $"{typeof(TKernel).Name}, 512 bits");
    }
}
