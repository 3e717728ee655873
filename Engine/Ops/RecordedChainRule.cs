using System.Numerics;

namespace Engine;

/// <summary>The chain rule of all elementwise functions as recorded operations, which can be differentiated again.</summary>
internal static class RecordedChainRule
{
    /// <summary>Contributes g·d to <paramref name="input"/>, if it needs a gradient.</summary>
    public static void Contribute<T>(in BackwardContext<T> context, in Tensor<T> input, TensorLane<T> d)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (context.NeedsGradient(input))
        {
            context.Accumulate(input, Apply(context.OutputGradient, d));
        }
    }

    /// <summary>
    /// g·d, where a derivative d that is infinite or NaN counts as 0 where g is 0. Where d is finite the product stays, although its
    /// value is 0 as well: its own derivative with respect to g is d.
    /// </summary>
    public static Tensor<T> Apply<T>(in Tensor<T> g, TensorLane<T> d) where T : unmanaged, IFloatingPointIeee754<T>
    {
        TensorLane<T> selected = d.IsNumber
            ? d
            : TensorLane<T>.WhereGreater(
                TensorLane<T>.Abs(g), 0, d, TensorLane<T>.WhereGreater(double.PositiveInfinity, TensorLane<T>.Abs(d), d, 0));
        return (g * selected).Tensor;
    }
}
