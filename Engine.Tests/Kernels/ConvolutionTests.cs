using System.Numerics;
using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Convolution and its gradients, compared with their definition in plain loops, in every lane.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[NonParallelizable]
internal sealed unsafe class ConvolutionTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static ConvolutionShape Of(
        int batch, int channels, int height, int width, int outputs, int groups, WindowAxis vertical, WindowAxis horizontal) =>
        new(batch, channels, height, width, outputs, groups, new(vertical, horizontal));

    /// <summary>
    /// Rows shorter and longer than a lane, a panel and a block; all settings; more than one block of taps, outputs, positions and images.
    /// </summary>
    private static IEnumerable<ConvolutionShape> Shapes() =>
    [
        Of(2, 3, 6, 5, 4, 1, new(3, 1, 0, 1), new(3, 1, 0, 1)),
        Of(2, 3, 7, 9, 5, 1, new(3, 1, 1, 1), new(3, 1, 1, 1)),
        Of(1, 2, 5, 70, 13, 1, new(3, 1, 1, 1), new(5, 1, 2, 1)),
        Of(3, 4, 9, 11, 6, 2, new(3, 2, 1, 1), new(2, 1, 1, 2)),
        Of(2, 4, 8, 37, 8, 4, new(2, 1, 3, 2), new(3, 3, 4, 1)),
        Of(2, 5, 6, 7, 17, 1, WindowAxis.One, WindowAxis.One),
        Of(2, 5, 6, 7, 3, 1, new(1, 2, 0, 1), new(1, 2, 0, 1)),
        Of(1, 1, 1, 1, 1, 1, new(3, 1, 1, 1), new(3, 1, 1, 1)),
        Of(1, 1, 3, 2, 2, 1, new(2, 1, 4, 1), new(2, 1, 4, 1)),
        Of(20, 3, 4, 5, 7, 1, new(3, 1, 1, 1), new(3, 1, 1, 1)),
        Of(3, 32, 5, 6, 33, 1, new(3, 1, 1, 1), new(3, 1, 1, 1)),
        Of(1, 2, 30, 31, 300, 1, new(2, 1, 0, 1), new(2, 1, 0, 1)),
        Of(2, 6, 1, 600, 12, 3, WindowAxis.One, new(7, 1, 3, 1)),
        Of(1, 64, 1, 40, 3, 1, WindowAxis.One, new(9, 1, 4, 1)),
        Of(1, 66, 3, 2, 300, 1, new(3, 1, 1, 1), new(3, 1, 1, 1)),
        Of(1, 9, 4, 4, 2, 1, new(3, 1, 1, 1), new(3, 1, 1, 1)),
    ];

    /// <summary>
    /// Catches a tap, channel, group or image that is read from the wrong place, a padded element that is not 0, an edge of a panel or
    /// block. The numbers are integers, so that every order of summation gives the same bits.
    /// </summary>
    [TestCaseSource(nameof(Shapes))]
    public void Every_lane_gives_the_sums_of_the_definition(ConvolutionShape shape)
    {
        Arrays expected = new(shape, Samples.Whole<T>);
        Naive(shape, expected);
        Arrays actual = new(shape, Samples.Whole<T>);
        Run(shape, actual);
        Check(actual, expected, "chosen lane");
        Check(InLane<Scalar<T>>(shape), expected, "Scalar");
        Check(InLane<Wide<T>>(shape), expected, "Wide");
        Check(InLane<Wide512<T>>(shape), expected, "Wide512");

        static Arrays InLane<L>(in ConvolutionShape shape) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            Arrays arrays = new(shape, Samples.Whole<T>);
            RunIn<L>(shape, arrays, 64, 1, 32);
            return arrays;
        }
    }

    /// <summary>Catches an order of summation that depends on the lane, or on how the work is divided.</summary>
    [TestCaseSource(nameof(Shapes))]
    public void Lanes_and_the_division_of_work_do_not_change_a_bit(ConvolutionShape shape)
    {
        Arrays expected = new(shape, Uniform);
        Run(shape, expected);
        Check(InLane<Scalar<T>>(shape, 32, 1, 32), expected, "Scalar");
        Check(InLane<Wide<T>>(shape, 96, 2, 64), expected, "Wide");
        Check(InLane<Wide512<T>>(shape, 512, 3, 512), expected, "Wide512");

        static Arrays InLane<L>(in ConvolutionShape shape, int columns, int channelParts, int taps)
            where L : unmanaged, ILane<L>, ILane<L, T>
        {
            Arrays arrays = new(shape, Uniform);
            RunIn<L>(shape, arrays, columns, Math.Min(channelParts, shape.GroupChannels), taps);
            return arrays;
        }
    }

    [TestCaseSource(nameof(Shapes))]
    public void The_number_of_threads_does_not_change_a_bit(ConvolutionShape shape)
    {
        Arrays? expected = null;
        foreach (int threads in (int[])[1, 2, 7])
        {
            using (Threads.Set(threads))
            {
                Arrays actual = new(shape, Uniform);
                Run(shape, actual);
                expected ??= actual;
                Check(actual, expected, $"{threads} threads");
            }
        }
    }

    /// <summary>Catches an unfolded input that differs from the one the textbooks show: the product with it is the convolution.</summary>
    [TestCaseSource(nameof(Shapes))]
    public void It_is_the_product_of_the_weight_and_the_unfolded_input(ConvolutionShape shape)
    {
        Arrays arrays = new(shape, Uniform);
        Run(shape, arrays);
        T[] unfolded = new T[shape.Taps * shape.Positions], product = new T[shape.GroupOutputs * shape.Positions];
        for (int index = 0; index < shape.Batch * shape.Groups; index++)
        {
            fixed (T* x = arrays.X, u = unfolded)
            {
                UnfoldedRow<T> row = new(shape, x + index * shape.GroupChannels * shape.PlaneLength, 0);
                for (int tap = 0; tap < shape.Taps; tap++)
                {
                    row.CopyTo<Wide<T>>(u + tap * shape.Positions, 0, 0, shape.Positions);
                    row.MoveNext();
                }
            }
            int group = index % shape.Groups, length = shape.GroupOutputs * shape.Taps;
            for (int i = 0; i < product.Length; i++)
            {
                product[i] = arrays.Bias[group * shape.GroupOutputs + i / shape.Positions];
            }
            MatrixProduct.Multiply<T>(
                arrays.Weight.AsSpan(group * length, length), false, unfolded, false, product, shape.GroupOutputs, shape.Positions,
                shape.Taps, accumulate: true);
            SameBits.Check<T>(arrays.Y.AsSpan(index * product.Length, product.Length), product, $"image and group {index}");
        }
    }

    /// <summary>Catches a sum over many images that grows inaccurate: 0.1 added 100,000 times.</summary>
    [Test]
    public void The_error_of_the_weight_gradient_does_not_grow_with_the_batch()
    {
        ConvolutionShape shape = Of(100_000, 1, 1, 1, 1, 1, WindowAxis.One, WindowAxis.One);
        Arrays arrays = new(shape, static (length, _) => [.. Enumerable.Repeat(T.CreateTruncating(0.1), length)]);
        Run(shape, arrays);
        double tenth = double.CreateTruncating(T.CreateTruncating(0.1)), epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        double exact = 100_000 * tenth * tenth;
        Assert.That(double.CreateTruncating(arrays.Dw[0]), Is.EqualTo(exact).Within(200 * epsilon * exact));
    }

    private static T[] Uniform(int length, int seed) => Samples.Uniform<T>(length, seed);

    private static void Check(Arrays actual, Arrays expected, string what)
    {
        SameBits.Check<T>(actual.Y, expected.Y, $"{what}, y");
        SameBits.Check<T>(actual.Dx, expected.Dx, $"{what}, dx");
        SameBits.Check<T>(actual.Dw, expected.Dw, $"{what}, dw");
    }

    private static void Run(in ConvolutionShape shape, Arrays a)
    {
        Convolution.Forward<T>(shape, a.X, a.Weight, a.Bias, a.Y, Scratch(Convolution.ForwardScratch(shape)));
        Convolution.InputGradient<T>(shape, a.Weight, a.G, a.Dx, Scratch(Convolution.InputGradientScratch(shape)));
        Convolution.WeightGradient<T>(shape, a.X, a.G, a.Dw, Scratch(Convolution.WeightGradientScratch(shape)));
    }

    /// <summary>Runs the kernels in one lane, with the work divided as given.</summary>
    private static void RunIn<L>(in ConvolutionShape shape, Arrays a, int columns, int channelParts, int taps)
        where L : unmanaged, ILane<L>, ILane<L, T>
    {
        int groups = shape.Batch * shape.Groups, parts = Convolution.BatchParts(shape);
        T[] forward = Scratch(Convolution.ForwardScratch(shape)), input = Scratch(Convolution.InputGradientScratch(shape)),
            partial = Scratch(parts * shape.WeightLength);
        fixed (T* x = a.X, w = a.Weight, b = a.Bias, g = a.G, y = a.Y, dx = a.Dx, pf = forward, pi = input, pp = partial)
        {
            new Convolution.PackWeightKernel<T>(shape, w, pf).Run<L>(0, shape.Groups * Convolution.Blocks(shape.Taps));
            new Convolution.ForwardKernel<T>(shape, x, pf, b, y, columns).Run<L>(0, groups * ((shape.Positions - 1) / columns + 1));
            int packs = shape.Groups * channelParts * Convolution.Blocks(shape.GroupOutputs);
            new Convolution.PackTransposedWeightKernel<T>(shape, w, pi, channelParts).Run<L>(0, packs);
            new Convolution.InputGradientKernel<T>(shape, pi, g, dx, channelParts).Run<L>(0, groups * channelParts);
            int units = shape.Groups * parts * ((shape.Taps - 1) / taps + 1);
            new Convolution.WeightGradientKernel<T>(shape, x, g, pp, parts, taps).Run<L>(0, units);
            ColumnSums.AddPairwise(pp, parts, shape.WeightLength);
        }
        partial.AsSpan(0, shape.WeightLength).CopyTo(a.Dw);
    }

    /// <summary>Memory whose contents must not matter.</summary>
    private static T[] Scratch(int length)
    {
        T[] scratch = new T[length];
        Array.Fill(scratch, T.NaN);
        return scratch;
    }

    /// <summary>The definition.</summary>
    private static void Naive(in ConvolutionShape shape, Arrays a)
    {
        (WindowAxis vertical, WindowAxis horizontal) = shape.Window;
        Array.Clear(a.Dx);
        Array.Clear(a.Dw);
        for (int output = 0; output < a.Y.Length; output++)
        {
            int column = output % shape.OutputWidth, row = output / shape.OutputWidth % shape.OutputHeight;
            int o = output / shape.Positions % shape.Outputs, image = output / shape.Positions / shape.Outputs;
            int firstChannel = o / shape.GroupOutputs * shape.GroupChannels;
            a.Y[output] = a.Bias[o];
            for (int tap = 0; tap < shape.Taps; tap++)
            {
                int j = tap % horizontal.Taps, i = tap / horizontal.Taps % vertical.Taps, c = firstChannel + tap / shape.Window.Taps;
                int top = row * vertical.Stride - vertical.Padding + i * vertical.Dilation;
                int left = column * horizontal.Stride - horizontal.Padding + j * horizontal.Dilation;
                if (top >= 0 && top < shape.Height && left >= 0 && left < shape.Width)
                {
                    int input = ((image * shape.Channels + c) * shape.Height + top) * shape.Width + left;
                    a.Y[output] += a.Weight[o * shape.Taps + tap] * a.X[input];
                    a.Dx[input] += a.Weight[o * shape.Taps + tap] * a.G[output];
                    a.Dw[o * shape.Taps + tap] += a.X[input] * a.G[output];
                }
            }
        }
    }

    /// <summary>Operands and results.</summary>
    private sealed class Arrays(ConvolutionShape shape, Func<int, int, T[]> values)
    {
        public T[] X { get; } = values(shape.Batch * shape.Channels * shape.PlaneLength, 1);

        public T[] Weight { get; } = values(shape.WeightLength, 2);

        public T[] Bias { get; } = values(shape.Outputs, 3);

        public T[] G { get; } = values(shape.Batch * shape.Outputs * shape.Positions, 4);

        public T[] Y { get; } = Scratch(shape.Batch * shape.Outputs * shape.Positions);

        public T[] Dx { get; } = Scratch(shape.Batch * shape.Channels * shape.PlaneLength);

        public T[] Dw { get; } = Scratch(shape.WeightLength);
    }
}
