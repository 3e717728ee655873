using System.Numerics;

namespace Engine.Tests;

/// <summary>Pooling, compared with its definition in plain loops.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class PoolingTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static IEnumerable<TestCaseData> Windows() =>
        from window in ((Size2d Kernel, Size2d Stride, Size2d Padding)[])
        [
            (2, 2, 0), (3, 2, 1), ((2, 3), (1, 2), (1, 0)), (1, 3, 0), ((7, 9), 1, 0), ((1, 4), (2, 1), (0, 2)), (5, 5, 2),
        ]
        select new TestCaseData(window.Kernel, window.Stride, window.Padding);

    /// <summary>
    /// Catches a window at the wrong place, one that ends early or late, and padding that is taken for zeros, or counted where it must
    /// not: all elements are negative.
    /// </summary>
    [TestCaseSource(nameof(Windows))]
    public void It_is_what_the_definition_says(Size2d kernel, Size2d stride, Size2d padding)
    {
        Tensor<T> x = Values([3, 40, 7, 9], -2, -1);
        foreach (int threads in (int[])[1, 2, 7])
        {
            using (Threads.Set(threads))
            {
                Check(x.MaxPool2d(kernel, stride, padding), static (values, _) => values.Max());
                Check(x.AvgPool2d(kernel, stride, padding), static (values, taps) => Sum(values) / T.CreateTruncating(taps));
                Check(
                    x.AvgPool2d(kernel, stride, padding, countIncludesPadding: false),
                    static (values, _) => Sum(values) / T.CreateTruncating(values.Length));
            }
        }

        void Check(Tensor<T> y, Func<T[], int, T> definition)
        {
            int height = (7 + 2 * padding.Height - kernel.Height) / stride.Height + 1,
                width = (9 + 2 * padding.Width - kernel.Width) / stride.Width + 1;
            Assert.That(y.Shape, Is.EqualTo(new Shape(3, 40, height, width)));
            T[] expected = new T[y.Length];
            for (int i = 0; i < expected.Length; i++)
            {
                int top = i / width % height * stride.Height - padding.Height, left = i % width * stride.Width - padding.Width;
                T[] values =
                [
                    .. from row in Enumerable.Range(top, kernel.Height)
                       from column in Enumerable.Range(left, kernel.Width)
                       where row is >= 0 and < 7 && column is >= 0 and < 9
                       select x.Span[(i / (height * width) * 7 + row) * 9 + column],
                ];
                expected[i] = definition(values, kernel.Height * kernel.Width);
            }
            SameBits.Check<T>(y.Span, expected, $"{kernel}, stride {stride}, padding {padding}");
        }

        static T Sum(T[] values) => values.Aggregate(T.Zero, static (sum, value) => sum + value);
    }

    /// <summary>Catches the last of equal elements, or all of them, in place of the first, as PyTorch has it.</summary>
    [Test]
    public void The_gradient_of_the_maximum_goes_to_the_first_largest_element()
    {
        Parameter<T> x = new("x", Numbers([1, 1, 2, 4], 1, 3, 3, 0, 3, 2, 0, 3));
        Tape<T> tape = new();
        using (tape.Record())
        {
            tape.Backward(x.Value.MaxPool2d(2, (1, 1)), Numbers([1, 1, 1, 3], 1, 10, 100));
        }
        Assert.That(x.Gradient.ToArray(), Is.EqualTo(Numbers([8], 0, 11, 100, 0, 0, 0, 0, 0).ToArray()));
    }

    /// <summary>Catches a NaN that a comparison overlooks, before or after the largest number, and −∞ taken for nothing.</summary>
    [Test]
    public void NaN_counts_as_the_largest_and_minus_infinity_as_an_element()
    {
        Parameter<T> x = new("x", Numbers([1, 1, 9], 1, double.NaN, 5, 5, double.NaN, double.NaN, double.NegativeInfinity, -1, -2));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> y = x.Value.MaxPool1d(3);
            Assert.That(Closeness.Doubles(y), Is.EqualTo((double[])[double.NaN, double.NaN, -1]));
            tape.Backward(y, Numbers([1, 1, 3], 1, 2, 3));
        }
        Assert.That(Closeness.Doubles(x.Gradient), Is.EqualTo((double[])[0, 1, 0, 0, 2, 0, 0, 3, 0]));
        double least = double.NegativeInfinity;
        Assert.That(Closeness.Doubles(Numbers([1, 1, 2], least, least).MaxPool1d(2)), Is.EqualTo((double[])[least]));
    }

    /// <summary>Catches gradients that depend on the number of threads, or are not summed where windows overlap.</summary>
    [Test]
    public void Gradients_sum_to_the_outputs()
    {
        foreach (int threads in (int[])[1, 2, 7])
        {
            using (Threads.Set(threads))
            {
                Parameter<T> x = new("x", Values([20, 8, 16, 16], -1, 1));
                Tape<T> tape = new();
                using (tape.Record())
                {
                    Tensor<T> max = x.Value.MaxPool2d(3, 1, 1), mean = x.Value.AvgPool2d(2, 1, 1, countIncludesPadding: false);
                    tape.Backward(max.Sum() + mean.Sum());
                    double expected = max.Length + mean.Length;
                    Assert.That(Closeness.Doubles(x.Gradient).Sum(), Is.EqualTo(expected).Within(1e-5 * expected), $"{threads} threads");
                }
            }
        }
    }

    [Test]
    public void A_sequence_is_an_image_of_height_1()
    {
        Tensor<T> x = Values([2, 3, 11], -1, 1), image = x.Reshape(2, 3, 1, 11);
        SameBits.Check(x.MaxPool1d(3, 2, 1).Span, image.MaxPool2d((1, 3), (1, 2), (0, 1)).Span, "maximum");
        SameBits.Check(x.AvgPool1d(3, 2, 1).Span, image.AvgPool2d((1, 3), (1, 2), (0, 1)).Span, "average");
        SameBits.Check(x.AvgPool1d(3, 2, 1, false).Span, image.AvgPool2d((1, 3), (1, 2), (0, 1), false).Span, "average of what there is");
        Assert.That(x.MaxPool1d(3).Shape, Is.EqualTo(new Shape(2, 3, 3)), "the stride is the size by default");
    }

    [Test]
    public void Global_pools_reduce_all_axes_after_the_first_two()
    {
        Tensor<T> x = Values([2, 3, 4, 5], -2, -1);
        Assert.That(x.GlobalMaxPool().Shape, Is.EqualTo(new Shape(2, 3)));
        Assert.That(x.GlobalAvgPool(keepDimensions: true).Shape, Is.EqualTo(new Shape(2, 3, 1, 1)));
        Assert.That(x.GlobalMaxPool(keepDimensions: true).Shape, Is.EqualTo(new Shape(2, 3, 1, 1)));
        for (int i = 0; i < 6; i++)
        {
            double[] channel = Array.ConvertAll(x.Span.Slice(20 * i, 20).ToArray(), double.CreateTruncating);
            Assert.That(double.CreateTruncating(x.GlobalMaxPool().Span[i]), Is.EqualTo(channel.Max()));
            Assert.That(double.CreateTruncating(x.GlobalAvgPool().Span[i]), Is.EqualTo(channel.Average()).Within(1e-6));
        }
    }

    [Test]
    public void Wrong_arguments_are_refused()
    {
        Tensor<T> x = Tensor<T>.Zeros([2, 3, 4, 5]), sequence = Tensor<T>.Zeros([2, 3, 4]);
        Refuses(() => sequence.MaxPool2d(2), "MaxPool2d: got the shape [2, 3, 4]");
        Refuses(() => sequence.AvgPool2d(2), "AvgPool2d: got the shape [2, 3, 4]");
        Refuses(() => x.MaxPool1d(2), "MaxPool1d: got the shape [2, 3, 4, 5]");
        Refuses(() => x.AvgPool1d(2), "AvgPool1d: got the shape [2, 3, 4, 5]");
        Refuses(() => x.MaxPool2d((5, 2)), "MaxPool2d: got the shape [2, 3, 4, 5] with an extent of 4");
        Refuses(() => sequence.AvgPool1d(5), "AvgPool1d: got the shape [2, 3, 4] with an extent of 4");
        Refuses(() => sequence.MaxPool1d(2, padding: 2), "MaxPool1d: got the padding 2 for the kernel size 2, expected at most half");
        Refuses(
            () => Tensor<T>.Zeros([2, 3, 1]).MaxPool1d(3),
            "MaxPool1d: got the shape [2, 3, 1] with an extent of 1 after padding, expected at least the kernel size 3.");
        Refuses(() => x.MaxPool2d(0), "MaxPool2d: got the kernel size 0");
        Refuses(() => x.AvgPool2d(2, 0), "AvgPool2d: got the stride 0");
        Refuses(() => x.AvgPool2d(2, 1, (0, -1)), "AvgPool2d: got the padding -1");
        Refuses(() => x.MaxPool2d((4, 2), 1, (2, 2)), "MaxPool2d: got the padding 2 for the kernel size 2, expected at most half of it, 1");
        Refuses(() => Tensor<T>.Zeros([2, 3, 0, 5]).MaxPool2d(2, 2, 1), "MaxPool2d: got the shape [2, 3, 0, 5]");
        Refuses(() => Tensor<T>.Zeros([2, 3]).GlobalMaxPool(), "GlobalMaxPool: got the shape [2, 3]");
        Refuses(() => Tensor<T>.Zeros([2, 3]).GlobalAvgPool(), "GlobalAvgPool: got the shape [2, 3]");
        Refuses(() => Tensor<T>.Zeros([2, 3, 0]).GlobalMaxPool(), "GlobalMaxPool: got the shape [2, 3, 0]");

        static void Refuses(Action call, string message) =>
            Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));
    }

    private static Tensor<T> Values(Shape shape, double from, double to) =>
        Tensor<T>.From(Samples.Uniform<T>(shape.Length, 3, from, to), shape);

    private static Tensor<T> Numbers(Shape shape, params double[] values) =>
        Tensor<T>.From(Array.ConvertAll(values, T.CreateTruncating), shape);
}
