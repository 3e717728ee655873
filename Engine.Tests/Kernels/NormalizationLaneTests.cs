using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>The kernels of normalization, loss and dropout give the same bits in every lane.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed unsafe class NormalizationLaneTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[] s_widths = [1, 3, 15, 16, 17, 64, 100, 129];

    /// <summary>Catches other arithmetic in a tail, another order of summation, and a multiply-add that one lane fuses.</summary>
    [Test]
    public void Layer_normalization(
        [ValueSource(nameof(s_widths))] int n, [Values(1, 3)] int groups, [Values] bool affine, [Values] bool centered)
    {
        const int batch = 37;
        GroupLayout layout = new(batch, groups, n, 1, centered);
        int length = layout.Rows * n, blocks = ColumnSums.BlockCount(batch, layout.AllChannels);
        Memory x = new(length, 1), g = new(length, 2), gamma = new(layout.AllChannels, 3), beta = new(layout.AllChannels, 4);
        T* scale = affine ? gamma.Start : null, shift = affine && centered ? beta.Start : null;
        T epsilon = T.CreateTruncating(1e-5);
        Compare(
            length, 2 * layout.Rows,
            (y, statistics) => new LayerNormalization.ForwardKernel<T>(
                x.Start, scale, shift, y, statistics, statistics + layout.Rows, layout, epsilon),
            layout.Rows);
        Memory means = new(layout.Rows, 5), scales = new(layout.Rows, 6);
        Compare(
            length, blocks * 2 * layout.AllChannels,
            (dx, sums) => new LayerNormalization.BackwardKernel<T>(
                x.Start, scale, g.Start, means.Start, scales.Start, dx, sums, layout),
            blocks);
    }

    [Test]
    public void Group_normalization([ValueSource(nameof(s_widths))] int run, [Values(1, 3)] int channels, [Values(1, 2)] int groups)
    {
        GroupLayout layout = new(5, groups, channels, run);
        int length = layout.Rows * layout.RowLength, places = 5 * layout.AllChannels;
        Memory x = new(length, 1), g = new(length, 2), gamma = new(layout.AllChannels, 3), beta = new(layout.AllChannels, 4);
        Memory means = new(layout.Rows, 5), scales = new(layout.Rows, 6);
        Compare(
            length, 2 * layout.Rows,
            (y, statistics) => new LayerNormalization.ForwardKernel<T>(
                x.Start, gamma.Start, beta.Start, y, statistics, statistics + layout.Rows, layout, T.CreateTruncating(1e-5)),
            layout.Rows);
        Compare(
            length, 2 * places,
            (dx, sums) => new GroupNormalization.BackwardKernel<T>(
                x.Start, gamma.Start, g.Start, means.Start, scales.Start, dx, sums, sums + places, layout),
            layout.Rows);
    }

    [Test]
    [Category("Slow")]
    public void Batch_normalization([ValueSource(nameof(s_widths))] int channels, [Values(1, 3, 65)] int spatial, [Values] bool affine)
    {
        const int batch = 5;
        int length = batch * channels * spatial, blocks = BatchNormalization.ScratchLength(batch, channels, spatial) / (2 * channels);
        Memory x = new(length, 1), g = new(length, 2), gamma = new(channels, 3), beta = new(channels, 4);
        Memory means = new(channels, 5), scales = new(channels, 6), averages = new(2 * channels, 7);
        T* scale = affine ? gamma.Start : null, shift = affine ? beta.Start : null;
        Compare(
            blocks * 2 * channels, 1,
            (moments, _) => new BatchNormalization.MomentsKernel<T>(x.Start, moments, batch, channels, spatial),
            blocks);
        Compare(
            3 * channels, blocks * 2 * channels,
            (statistics, tree) =>
            {
                new BatchNormalization.MomentsKernel<T>(x.Start, tree, batch, channels, spatial).Run<Scalar<T>>(0, blocks);
                return new BatchNormalization.CombineKernel<T>(tree, statistics, batch, channels, spatial, T.CreateTruncating(1e-5));
            },
            channels);
        T* mean = means.Start, inverse = scales.Start;
        Compare(
            length, 1,
            (y, _) => new BatchNormalization.NormalizeKernel<T>(x.Start, mean, inverse, scale, shift, y, batch, channels, spatial),
            blocks);
        Compare(
            blocks * 2 * channels, 1,
            (sums, _) => new BatchNormalization.ParameterGradientKernel<T>(x.Start, mean, inverse, g.Start, sums, batch, channels, spatial),
            blocks);
        foreach (bool ofBatch in (bool[])[true, false])
        {
            T* meanGradients = ofBatch ? averages.Start : null;
            Compare(
                length, 1,
                (dx, _) => new BatchNormalization.InputGradientKernel<T>(
                    x.Start, mean, inverse, scale, g.Start, meanGradients, dx, batch, channels, spatial),
                blocks);
        }
    }

    /// <summary>Also checks that the loss has the same bits with and without a gradient.</summary>
    [Test]
    public void Cross_entropy([ValueSource(nameof(s_widths))] int n, [Values(0, 0.1)] double smoothing, [Values] bool weighted)
    {
        const int rows = 9;
        Memory x = new(rows * n, 1), weights = new(n, 2);
        int[] classes = GC.AllocateArray<int>(rows, pinned: true);
        T* w = weighted ? weights.Start : null;
        CrossEntropyOptions<T> options = new(T.CreateTruncating(smoothing), null, T.CreateTruncating(n), T.CreateTruncating(0.25));
        fixed (int* c = classes)
        {
            int* target = c;
            Memory alone = new(rows, 3);
            new SoftmaxCrossEntropy.RowKernel<T>(x.Start, target, w, alone.Start, null, n, options).Run<Wide<T>>(0, rows);
            (T[] losses, _) = Compare(
                rows, rows * n,
                (loss, gradient) => new SoftmaxCrossEntropy.RowKernel<T>(x.Start, target, w, loss, gradient, n, options),
                rows);
            SameBits.Check(alone.Values, losses, "without gradient");
        }
    }

    [Test]
    public void Dropout_mask_and_scaled_difference([Values(1, 31, 1024, 3001)] int n)
    {
        Memory x = new(n, 1), z = new(n, 2);
        Compare(n, 1, (y, _) => new DropoutMask.MaskKernel<T>(x.Start, y, T.CreateTruncating(1 << 23), T.CreateTruncating(2), 5, 6, 7), n);
        Compare(
            n, 1,
            (y, _) => new ElementLoop.Range<ScaledDifference.Body<T>, T>(new(x.Start, z.Start, y, T.CreateTruncating(0.3)), false),
            n);
    }

    /// <summary>Catches rows that are summed in another order than vectors.</summary>
    [Test]
    public void Row_sums_are_the_sums_of_vectors([Values(0, 1, 63, 64, 65, 4096, 4097, 12289, 20481, 40000)] int n)
    {
        Memory x = new(Math.Max(1, n), 1);
        T expected = Reduction.Sum<T>(x.Values.AsSpan(0, n));
        RowPairs<IdentityTerm, T> row = new(x.Start, x.Start);
        T[] sums =
        [
            RowSums.Of<RowPairs<IdentityTerm, T>, Scalar<T>, T>(row, n),
            RowSums.Of<RowPairs<IdentityTerm, T>, Wide<T>, T>(row, n),
            RowSums.Of<RowPairs<IdentityTerm, T>, Wide512<T>, T>(row, n),
        ];
        SameBits.Check<T>(sums, [expected, expected, expected], "sum");
        RowGradients<T> pair = new(x.Start, null, x.Start, T.Zero, T.One);
        RowSums.Of<RowGradients<T>, Wide<T>, T>(pair, n, out T first, out T second);
        SameBits.Check<T>([first, second], [expected, Reduction.Dot<T>(x.Values.AsSpan(0, n), x.Values.AsSpan(0, n))], "both terms");
    }

    private delegate TKernel Create<TKernel>(T* first, T* second);

    /// <summary>Runs a kernel with two results in each lane and fails if they differ.</summary>
    /// <remarks>In one lane the kernel runs in two chunks, which must not depend on each other.</remarks>
    private static (T[] First, T[] Second) Compare<TKernel>(int first, int second, Create<TKernel> create, int count)
        where TKernel : IKernel<T>
    {
        Memory a = new(first, 0), b = new(second, 0), a2 = new(first, 0), b2 = new(second, 0), a3 = new(first, 0), b3 = new(second, 0);
        create(a.Start, b.Start).Run<Scalar<T>>(0, count);
        create(a2.Start, b2.Start).Run<Wide512<T>>(0, count);
        TKernel chunks = create(a3.Start, b3.Start);
        chunks.Run<Wide<T>>(0, count / 2);
        chunks.Run<Wide<T>>(count / 2, count);
        SameBits.Check<T>(a2.Values, a.Values, $"{typeof(TKernel).Name}, 512 bits, first result");
        SameBits.Check<T>(b2.Values, b.Values, $"{typeof(TKernel).Name}, 512 bits, second result");
        SameBits.Check<T>(a3.Values, a.Values, $"{typeof(TKernel).Name}, own width, first result");
        SameBits.Check<T>(b3.Values, b.Values, $"{typeof(TKernel).Name}, own width, second result");
        return (a.Values, b.Values);
    }

    /// <summary>Pinned normal random numbers; zeros for seed 0.</summary>
    private sealed class Memory
    {
        public Memory(int length, int seed)
        {
            Values = GC.AllocateArray<T>(length, pinned: true);
            if (seed > 0)
            {
                RandomKey.FromSeed(seed).FillNormal<T>(Values, 0.5);
            }
        }

        public T[] Values { get; }

        public T* Start => (T*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(Values, 0);
    }
}
