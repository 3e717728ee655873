using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε) for each channel, axis 1 of [batch, channels, ..]; ∂loss/∂γ = Σ g·x̂, ∂loss/∂β = Σ g,
/// and with means over the n values of the channel ∂loss/∂x = (g − mean(g) − x̂·mean(g·x̂))·γ/√(variance + ε), or g·γ/√(variance + ε)
/// where mean and variance are given numbers (Ioffe, Szegedy: Batch normalization, 2015). The variance is that of the values themselves:
/// divided by n.
/// </summary>
public static class BatchNormOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Normalizes each channel by its own mean and variance.</summary>
        /// <param name="weight">γ of [channels], or a default tensor for none.</param>
        /// <param name="bias">β of [channels]; given if and only if the weight is.</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <param name="statistics">[3, channels]: mean, 1/√(variance + ε) and variance; during a recording, memory of the tape.</param>
        /// <exception cref="ArgumentException">
        /// A shape does not fit, or a channel has fewer than two values: x̂ would be 0 whatever they are.
        /// </exception>
        public Tensor<T> BatchNorm(Tensor<T> weight, Tensor<T> bias, double epsilon, out Tensor<T> statistics)
        {
            Layout layout = Layout.Of(x.Shape, weight, bias, epsilon);
            if (layout.Values < 2)
            {
                throw new ArgumentException(
                    $"BatchNorm: got the shape {x.Shape} with {layout.Values} values in each channel, expected more than one to take "
                        + "mean and variance of.",
                    nameof(x));
            }
            statistics = Tape<T>.Allocate([3, layout.Channels], out Span<T> moments);
            Tape<T>.Allocate([BatchNormalization.ScratchLength(layout.Batch, layout.Channels, layout.SpatialSize)], out Span<T> scratch);
            BatchNormalization.Statistics(
                x.Span, moments, scratch, layout.Batch, layout.Channels, layout.SpatialSize, T.CreateTruncating(epsilon));
            return Apply(x, weight, bias, statistics, layout, epsilon, BatchNormBackward<T>.OfBatch);
        }

        /// <summary>Normalizes each channel by a given mean and variance, through which no gradient flows.</summary>
        /// <param name="mean">[channels].</param>
        /// <param name="variance">[channels].</param>
        /// <param name="weight">γ of [channels], or a default tensor for none.</param>
        /// <param name="bias">β of [channels]; given if and only if the weight is.</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        public Tensor<T> BatchNorm(Tensor<T> mean, Tensor<T> variance, Tensor<T> weight, Tensor<T> bias, double epsilon)
        {
            Layout layout = Layout.Of(x.Shape, weight, bias, epsilon);
            Shape expected = [layout.Channels];
            if (mean.Shape != expected || variance.Shape != expected)
            {
                throw new ArgumentException(
                    $"BatchNorm: got a mean of shape {mean.Shape} and a variance of shape {variance.Shape} for the shape {x.Shape}, "
                        + $"expected {expected}.",
                    nameof(mean));
            }
            int channels = layout.Channels;
            Tensor<T> statistics = Tape<T>.Allocate([2, channels], out Span<T> moments);
            Span<T> scales = moments[channels..];
            mean.Span.CopyTo(moments);
            TensorPrimitives.Add(variance.Span, T.CreateTruncating(epsilon), scales);
            TensorPrimitives.Sqrt(scales, scales);
            TensorPrimitives.Divide(T.One, scales, scales);
            return Apply(x, weight, bias, statistics, layout, epsilon, BatchNormBackward<T>.OfConstants);
        }
    }

    private static Tensor<T> Apply<T>(
        in Tensor<T> x, in Tensor<T> weight, in Tensor<T> bias, in Tensor<T> statistics, in Layout layout, double epsilon,
        BatchNormBackward<T> op)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int channels = layout.Channels;
        ReadOnlySpan<T> means = statistics.Span[..channels], scales = statistics.Span.Slice(channels, channels);
        Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
        BatchNormalization.Normalize(
            x.Span, means, scales, weight.OptionalSpan, bias.OptionalSpan, elements, layout.Batch, channels, layout.SpatialSize);
        return Tape<T>.Record(new Node<T> { Op = op, A = x, B = weight, C = bias, Saved = statistics, Scalar = epsilon }, y);
    }

    /// <summary>[batch, channels, ..] as [batch, channels, spatial size].</summary>
    private readonly struct Layout
    {
        public Layout(in Shape x)
        {
            Batch = x[0];
            Channels = x[1];
            SpatialSize = x.ElementCount(2, x.Rank);
        }

        public static Layout Of<T>(in Shape x, in Tensor<T> weight, in Tensor<T> bias, double epsilon)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            NormalizationEpsilon.Check(epsilon, "BatchNorm");
            if (x.Rank < 2)
            {
                throw new ArgumentException(
                    $"BatchNorm: got the shape {x}, expected [batch, channels] or [batch, channels, ..].", nameof(x));
            }
            Shape expected = [x[1]];
            bool isPlain = weight.IsDefault && bias.IsDefault;
            if (!isPlain && (weight.IsDefault || bias.IsDefault || weight.Shape != expected || bias.Shape != expected))
            {
                throw new ArgumentException(
                    $"BatchNorm: got a weight {Text(weight)} and a bias {Text(bias)} for the shape {x}, expected {expected} for both.",
                    nameof(weight));
            }
            return new(x);
        }

        private static string Text<T>(in Tensor<T> tensor) where T : unmanaged, IFloatingPointIeee754<T> =>
            tensor.IsDefault ? "that is missing" : $"of shape {tensor.Shape}";

        public int Batch { get; }

        public int Channels { get; }

        public int SpatialSize { get; }

        public long Values => (long)Batch * SpatialSize;
    }

    private sealed class BatchNormBackward<T>(bool ofBatch) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly BatchNormBackward<T> OfBatch = new(true), OfConstants = new(false);

        public override string Name => "BatchNorm";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Layout layout = new(node.A.Shape);
            int batch = layout.Batch, channels = layout.Channels, spatialSize = layout.SpatialSize;
            ReadOnlySpan<T> x = node.A.Span, g = context.OutputGradient.Span, means = node.Saved.Span[..channels],
                scales = node.Saved.Span.Slice(channels, channels);
            bool needsInputGradient = context.NeedsGradient(node.A);
            Span<T> sums = [];
            if ((ofBatch && needsInputGradient) || context.NeedsGradient(node.B) || context.NeedsGradient(node.C))
            {
                Tape<T>.Allocate([BatchNormalization.ScratchLength(batch, channels, spatialSize)], out Span<T> scratch);
                BatchNormalization.ParameterGradients(x, means, scales, g, scratch, batch, channels, spatialSize);
                sums = scratch[..(2 * channels)];
                context.AccumulateCopy(node.C, sums[..channels]);
                context.AccumulateCopy(node.B, sums[channels..]);
            }
            if (needsInputGradient)
            {
                if (ofBatch)
                {
                    TensorPrimitives.Divide(sums, T.CreateTruncating(layout.Values), sums);
                }
                Tensor<T> d = context.Allocate(node.A, out Span<T> elements);
                BatchNormalization.InputGradient(
                    x, means, scales, node.B.OptionalSpan, g, ofBatch ? sums : [], elements, batch, channels, spatialSize);
                context.Accumulate(node.A, d);
            }
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> x = node.A;
            Span<int> others = stackalloc int[x.Shape.Rank - 1], channels = stackalloc int[x.Shape.Rank - 1];
            for (int i = 0; i < others.Length; i++)
            {
                others[i] = i == 0 ? 0 : i + 1;
                channels[i] = i == 0 ? x.Shape[1] : 1;
            }
            Tensor<T> normalized;
            if (ofBatch)
            {
                Tensor<T> centered = x - x.Mean(others, keepDimensions: true);
                normalized = centered / (centered.Square().Mean(others, keepDimensions: true) + node.Scalar).Sqrt();
            }
            else
            {
                Tensor<T> mean = node.Saved.Select(0, 0).Reshape(channels), scale = node.Saved.Select(0, 1).Reshape(channels);
                normalized = (x - mean) * scale;
            }
            return node.B.IsDefault ? normalized : normalized * node.B.Reshape(channels) + node.C.Reshape(channels);
        }
    }
}
