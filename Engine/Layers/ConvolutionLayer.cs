using System.Globalization;

namespace Engine;

/// <summary>What the convolution layers have in common.</summary>
internal static class ConvolutionLayer
{
    /// <summary>Checks the numbers that do not depend on the dimensions.</summary>
    public static void Check(string layer, int channels, int outputs, int groups)
    {
        if (channels < 1 || outputs < 1 || groups < 1)
        {
            throw new ArgumentOutOfRangeException(
                channels < 1 ? nameof(channels) : outputs < 1 ? nameof(outputs) : nameof(groups),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{layer}: got {channels} channels, {outputs} outputs and {groups} groups, expected at least 1 of each."));
        }
        if (channels % groups != 0 || outputs % groups != 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{layer}: got {groups} groups for {channels} channels and {outputs} outputs, expected a divisor of both."),
                nameof(groups));
        }
    }

    /// <summary>The description of a layer from the numbers of its one or two dimensions.</summary>
    public static string Text<TSize>(
        string layer, in Shape weight, TSize kernel, TSize stride, TSize padding, TSize dilation, TSize one, int groups, bool hasBias)
        where TSize : struct, IEquatable<TSize> =>
        string.Create(CultureInfo.InvariantCulture, $"{layer}({weight[1] * groups} → {weight[0]}, {kernel}")
        + LayerText.Setting("stride", stride, one) + LayerText.Setting("padding", padding, default)
        + LayerText.Setting("dilation", dilation, one) + LayerText.Setting("groups", groups, 1) + (hasBias ? ")" : ", no bias)");
}
