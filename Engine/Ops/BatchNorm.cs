using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε) for each channel, axis 1 of [batch, channels, ..]; ∂loss/∂γ = Σ g·x̂, ∂loss/∂β = Σ g, and with means over the n values of the channel
/// ∂loss/∂x = (g − mean(g) − x̂·mean(g·x̂))·γ/√(variance + ε), or g·γ/√(variance + ε) where mean and variance are given numbers
/// (Ioffe, Szegedy: Batch normalization, 2015). The variance is that of the values themselves: divided by n.
/// </summary>
public static class BatchNormOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Normalises each channel by its own mean and variance.</summary>
        /// <param name="weight">γ of [channels], or a default tensor for none.</param>
        /// <param name="bias">β of [channels], there if and only if the weight is.</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <param name="statistics">[3, channels]: mean, 1/√(variance + ε) and variance; on a recording tape over with the recording.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or a channel has fewer than two values: x̂ would be 0 whatever they are.</exception>
        public Tensor<T> BatchNorm(Tensor<T> weight, Tensor<T> bias, double epsilon, out Tensor<T> statistics)
        {
            Layout layout = new(x.Shape, weight.Shape, bias.Shape, epsilon);
            if (layout.Values < 2)
            {
                throw new ArgumentException($"BatchNorm: got the shape {x.Shape} with {layout.Values} values in each channel, expected more than one to take mean and variance of.", nameof(x));
            }
            Tensor<T> y = Tape<T>.New(x.Shape), moments = Tape<T>.New([3, layout.Channels]);
            Tensor<T> scratch = Tape<T>.New([BatchNormalization.ScratchLength(layout.Batch, layout.Channels, layout.Places)]);
            BatchNormalization.Statistics(x.Span, moments.Output, scratch.Output, layout.Batch, layout.Channels, layout.Places, T.CreateTruncating(epsilon));
            statistics = moments;
            return Apply(x, weight, bias, moments, y, layout, Rule<T>.OfBatch);
        }

        /// <summary>Normalises each channel by a given mean and variance, through which no gradient flows.</summary>
        /// <param name="mean">[channels].</param>
        /// <param name="variance">[channels].</param>
        /// <param name="weight">γ of [channels], or a default tensor for none.</param>
        /// <param name="bias">β of [channels], there if and only if the weight is.</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        public Tensor<T> BatchNorm(Tensor<T> mean, Tensor<T> variance, Tensor<T> weight, Tensor<T> bias, double epsilon)
        {
            Layout layout = new(x.Shape, weight.Shape, bias.Shape, epsilon);
            Shape expected = [layout.Channels];
            if (mean.Shape != expected || variance.Shape != expected)
            {
                throw new ArgumentException($"BatchNorm: got a mean of shape {mean.Shape} and a variance of shape {variance.Shape} for the shape {x.Shape}, expected {expected}.", nameof(mean));
            }
            Tensor<T> y = Tape<T>.New(x.Shape), moments = Tape<T>.New([3, layout.Channels]);
            int channels = layout.Channels;
            Span<T> scales = moments.Output.Slice(channels, channels);
            mean.Span.CopyTo(moments.Output);
            variance.Span.CopyTo(moments.Output[(2 * channels)..]);
            TensorPrimitives.Add(variance.Span, T.CreateTruncating(epsilon), scales);
            TensorPrimitives.Sqrt(scales, scales);
            TensorPrimitives.Divide(T.One, scales, scales);
            return Apply(x, weight, bias, moments, y, layout, Rule<T>.OfConstants);
        }
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, in Tensor<T> weight, in Tensor<T> bias, in Tensor<T> moments, in Tensor<T> y, in Layout layout, Rule<T> rule)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int channels = layout.Channels;
        ReadOnlySpan<T> means = moments.Span[..channels], scales = moments.Span.Slice(channels, channels);
        BatchNormalization.Normalize(x.Span, means, scales, Optional.Span(weight), Optional.Span(bias), y.Output, layout.Batch, channels, layout.Places);
        if (Tape<T>.Records(x) || Optional.Records(weight) || Optional.Records(bias))
        {
            Tape<T>.Add(new Node<T> { Op = rule, A = x, B = weight, C = bias, Saved = moments }, y);
        }
        return y;
    }

    /// <summary>[batch, channels, ..] as [batch, channels, places].</summary>
    private readonly struct Layout
    {
        public Layout(in Shape x, in Shape weight, in Shape bias, double epsilon)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
            if (x.Rank < 2)
            {
                throw new ArgumentException($"BatchNorm: got the shape {x}, expected [batch, channels] or [batch, channels, ..].", nameof(x));
            }
            Shape expected = [x[1]];
            if (weight.Length + bias.Length > 0 && (weight != expected || bias != expected))
            {
                throw new ArgumentException($"BatchNorm: got a weight of shape {weight} and a bias of shape {bias} for the shape {x}, expected {expected} for both.", nameof(weight));
            }
            Batch = x[0];
            Channels = x[1];
            Places = x.Product(2, x.Rank);
        }

        public Layout(in Shape x) : this(x, default, default, 0)
        {
        }

        public int Batch { get; }

        public int Channels { get; }

        public int Places { get; }

        public int Values => Batch * Places;
    }

    private sealed class Rule<T>(bool ofBatch) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> OfBatch = new(true), OfConstants = new(false);

        public override string Name => "BatchNorm";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            Layout layout = new(node.A.Shape);
            int batch = layout.Batch, channels = layout.Channels, places = layout.Places;
            ReadOnlySpan<T> x = node.A.Span, g = flow.Gradient.Span, means = node.Saved.Span[..channels], scales = node.Saved.Span.Slice(channels, channels);
            bool wantsInput = flow.Wants(node.A);
            Span<T> sums = [];
            if ((ofBatch && wantsInput) || Optional.Wants(flow, node.B) || Optional.Wants(flow, node.C))
            {
                // not for an input: a parameter of the same length would lend its gradient's memory
                Tensor<T> scratch = flow.Begin(node.Output, [BatchNormalization.ScratchLength(batch, channels, places)]);
                BatchNormalization.ParameterGradients(x, means, scales, g, scratch.Output, batch, channels, places);
                sums = scratch.Output[..(2 * channels)];
                Optional.Contribute(flow, node.C, sums[..channels]);
                Optional.Contribute(flow, node.B, sums[channels..]);
            }
            if (wantsInput)
            {
                if (ofBatch)
                {
                    TensorPrimitives.Divide(sums, T.CreateTruncating(layout.Values), sums);
                }
                Tensor<T> d = flow.Begin(node.A);
                BatchNormalization.InputGradient(x, means, scales, Optional.Span(node.B), g, ofBatch ? sums : [], d.Output, batch, channels, places);
                flow.End(node.A, d);
            }
        }
    }
}
