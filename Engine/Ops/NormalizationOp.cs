using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>What the normalizations of rows share: they differ in which elements make a row and in the message of an error.</summary>
internal abstract class NormalizationOp<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>y = x̂·γ + β, recorded; weight and bias fit the layout, or are missing.</summary>
    public Tensor<T> Apply(
        in Tensor<T> x, in Tensor<T> weight, in Tensor<T> bias, in GroupLayout layout, double epsilon, long integer = 0)
    {
        Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements),
            statistics = Tape<T>.Allocate([2, layout.Rows], out Span<T> moments);
        LayerNormalization.Forward(
            x.Span, weight.OptionalSpan, bias.OptionalSpan, elements, moments, layout, T.CreateTruncating(epsilon));
        return Tape<T>.Record(
            new Node<T> { Op = this, A = x, B = weight, C = bias, Saved = statistics, Integer = integer, Scalar = epsilon }, y);
    }

    /// <summary>γ or β as a tensor that broadcasts to x.</summary>
    protected virtual Tensor<T> PerElement(in Tensor<T> parameter, in Shape x) => parameter;

    protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
    {
        Tensor<T> y = node.A;
        GroupLayout layout = Layout(node);
        if (y.Length > 0)
        {
            Tensor<T> x = y.Reshape(layout.Rows, layout.RowLength);
            x = layout.IsCentered ? x - x.Mean(1, keepDimensions: true) : x;
            Tensor<T> meanSquare = x.Square().Mean(1, keepDimensions: true);
            y = (x / (meanSquare + node.Scalar).Sqrt()).Reshape(node.A.Shape);
        }
        y = node.B.IsDefault ? y : y * PerElement(node.B, node.A.Shape);
        return node.C.IsDefault ? y : y + PerElement(node.C, node.A.Shape);
    }

    /// <summary>The layout of a recorded use.</summary>
    protected abstract GroupLayout Layout(in Node<T> node);

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        GroupLayout layout = Layout(node);
        bool needsParameters = context.NeedsGradient(node.B) || context.NeedsGradient(node.C);
        Span<T> scratch = [], dx = [];
        if (needsParameters || (layout.Run != 1 && !node.B.IsDefault))
        {
            Tape<T>.Allocate([LayerNormalization.ScratchLength(layout)], out scratch);
        }
        Tensor<T> d = context.NeedsGradient(node.A) ? context.Allocate(node.A, out dx) : default;
        LayerNormalization.Backward(
            node.A.Span, node.B.OptionalSpan, context.OutputGradient.Span, node.Saved.Span, dx, scratch, layout);
        if (!d.IsDefault)
        {
            context.Accumulate(node.A, d);
        }
        if (needsParameters)
        {
            int channels = layout.AllChannels;
            context.AccumulateCopy(node.C, scratch[..channels]);
            context.AccumulateCopy(node.B, scratch.Slice(channels, channels));
        }
    }
}
