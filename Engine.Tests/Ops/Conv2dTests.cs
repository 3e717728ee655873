using System.Numerics;

namespace Engine.Tests;

/// <summary>What the convolutions refuse, and how the two of them agree; <see cref="ConvolutionTests{T}"/> has the arithmetic.</summary>
internal sealed class Conv2dTests
{
    /// <summary>Catches a number that is checked nowhere, and a message that does not name the operation and what it got.</summary>
    [Test]
    public void Wrong_arguments_are_refused()
    {
        Tensor<double> x = Zeros(2, 4, 5, 6), weight = Zeros(6, 4, 3, 3);
        Refuses<ArgumentException>(() => Zeros(4, 5, 6).Conv2d(weight), "[4, 5, 6]", "[6, 4, 3, 3]");
        Refuses<ArgumentException>(() => x.Conv2d(Zeros(6, 4, 3)), "[6, 4, 3]");
        Refuses<ArgumentException>(() => x.Conv2d(Zeros(6, 3, 3, 3)), "[2, 4, 5, 6]", "[6, 3, 3, 3]");
        Refuses<ArgumentException>(() => x.Conv2d(weight, groups: 2), "2 groups");
        Refuses<ArgumentException>(() => x.Conv2d(weight, groups: 3), "3 groups");
        Refuses<ArgumentException>(() => x.Conv2d(Zeros(5, 2, 3, 3), groups: 2), "2 groups");
        Refuses<ArgumentException>(() => x.Conv2d(weight, groups: 0), "0 groups");
        Refuses<ArgumentException>(() => x.Conv2d(weight, Zeros(5)), "a bias of shape [5]");
        Refuses<ArgumentException>(() => x.Conv2d(weight, Zeros(6, 1)), "a bias of shape [6, 1]");
        Refuses<ArgumentException>(() => x.Conv2d(Zeros(6, 4, 6, 3)), "[2, 4, 5, 6]", "an extent of 5", "at least the kernel size 6");
        Refuses<ArgumentException>(() => x.Conv2d(weight, dilation: (1, 3)), "an extent of 6", "at least the 7 of 3 taps with dilation 3");
        Refuses<ArgumentException>(() => x.Conv2d(weight, padding: int.MaxValue), "4294967299");
        Refuses<ArgumentOutOfRangeException>(() => x.Conv2d(Zeros(6, 4, 0, 3)), "kernel size 0");
        Refuses<ArgumentOutOfRangeException>(() => x.Conv2d(weight, stride: (1, 0)), "stride 0");
        Refuses<ArgumentOutOfRangeException>(() => x.Conv2d(weight, padding: (-1, 0)), "padding -1");
        Refuses<ArgumentOutOfRangeException>(() => x.Conv2d(weight, dilation: 0), "dilation 0");
        Assert.That(x.Conv2d(Zeros(6, 4, 6, 8), padding: (1, 1)).Shape, Is.EqualTo(new Shape(2, 6, 2, 1)), "as large as the padded input");

        static void Refuses<TException>(Action call, params string[] parts) where TException : ArgumentException
        {
            foreach (string part in parts)
            {
                Assert.That(call, Throws.InstanceOf<TException>().With.Message.StartsWith("Conv2d: got ").And.Message.Contains(part));
            }
        }
    }

    [Test]
    public void Wrong_sequences_are_refused_by_their_own_name()
    {
        Tensor<double> x = Zeros(2, 4, 5), weight = Zeros(6, 4, 3);
        Refuses(() => Zeros(2, 4, 1, 5).Conv1d(weight), "[2, 4, 1, 5]");
        Refuses(() => x.Conv1d(Zeros(6, 4, 1, 3)), "[6, 4, 1, 3]");
        Refuses(() => x.Conv1d(Zeros(6, 3, 3)), "[6, 3, 3]");
        Refuses(() => x.Conv1d(weight, dilation: 3), "[2, 4, 5]");
        Refuses(() => x.Conv1d(weight, stride: 0), "stride 0");

        static void Refuses(Action call, string part) =>
            Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.StartsWith("Conv1d: got ").And.Message.Contains(part));
    }

    /// <summary>Catches stride, padding or dilation on the wrong axis.</summary>
    [Test]
    public void A_sequence_is_an_image_of_height_1()
    {
        Tensor<double> x = Tensor<double>.From(Samples.Uniform<double>(2 * 4 * 11, 1), [2, 4, 11]);
        Tensor<double> weight = Tensor<double>.From(Samples.Uniform<double>(6 * 2 * 3, 2), [6, 2, 3]);
        Tensor<double> bias = Tensor<double>.From(Samples.Uniform<double>(6, 3));
        Tensor<double> y = x.Conv1d(weight, bias, 2, 3, 2, groups: 2);
        Tensor<double> image = x.Reshape(2, 4, 1, 11)
            .Conv2d(weight.Reshape(6, 2, 1, 3), bias, (1, 2), (0, 3), (1, 2), groups: 2);
        Assert.That(y.Shape, Is.EqualTo(new Shape(2, 6, 7)));
        SameBits.Check(y.Span, image.Span, "image of height 1");
        Tensor<double> column = x.Reshape(2, 4, 11, 1).Conv2d(weight.Reshape(6, 2, 3, 1), bias, (2, 1), (3, 0), (2, 1), groups: 2);
        SameBits.Check(y.Span, column.Span, "image of width 1");
    }

    /// <summary>Catches a gradient that is missing, or left as it was, where no image contributes to it.</summary>
    [Test]
    public void No_images_give_a_zero_gradient()
    {
        Parameter<double> weight = new("w", Tensor<double>.Full([4, 2, 3, 3], 1)), bias = new("b", Tensor<double>.Full([4], 1));
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward(Zeros(0, 2, 5, 5).Conv2d(weight.Value, bias.Value).Sum());
        }
        Assert.That(weight.Gradient.ToArray(), Is.All.Zero);
        Assert.That(bias.Gradient.ToArray(), Is.All.Zero);
    }

    [Test]
    public void A_size_is_one_number_or_two()
    {
        Size2d square = 3, pair = (3, 2);
        Assert.That(square, Is.EqualTo(new Size2d(3, 3)));
        Assert.That((pair.Height, pair.Width, pair.ToString()), Is.EqualTo((3, 2, "3×2")));
    }

    private static Tensor<double> Zeros(params ReadOnlySpan<int> shape) => Tensor<double>.Zeros(new Shape(shape));
}
