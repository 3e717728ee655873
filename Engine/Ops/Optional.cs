using System.Numerics;

namespace Engine;

/// <summary>Inputs that an operation may do without: a bias, a scale. One that is not there has no elements.</summary>
internal static class Optional
{
    /// <summary>Whether the input is there.</summary>
    public static bool Has<T>(in Tensor<T> input) where T : unmanaged, IFloatingPointIeee754<T> => input.Shape.Length > 0;

    /// <summary>Whether the input is there and leads back to a parameter of the recording.</summary>
    public static bool Records<T>(in Tensor<T> input) where T : unmanaged, IFloatingPointIeee754<T> => Has(input) && Tape<T>.Records(input);

    /// <summary>The input's elements, none if it is not there.</summary>
    public static ReadOnlySpan<T> Span<T>(in Tensor<T> input) where T : unmanaged, IFloatingPointIeee754<T> => Has(input) ? input.Span : [];

    /// <summary>Whether the input is there and wants a gradient.</summary>
    public static bool Wants<T>(in Flow<T> flow, in Tensor<T> input) where T : unmanaged, IFloatingPointIeee754<T> => Has(input) && flow.Wants(input);

    /// <summary>Contributes a copy of <paramref name="gradient"/> to the input, if it is there and wants one.</summary>
    public static void Contribute<T>(in Flow<T> flow, in Tensor<T> input, ReadOnlySpan<T> gradient) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Wants(flow, input))
        {
            Tensor<T> d = flow.Begin(input);
            gradient.CopyTo(d.Output);
            flow.End(input, d);
        }
    }
}
