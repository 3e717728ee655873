using System.Globalization;

namespace Engine;

/// <summary>Parts of the descriptions of layers.</summary>
internal static class LayerText
{
    /// <summary>A layer of pooling from the numbers of its one or two dimensions.</summary>
    public static string Pooling<TSize>(string layer, TSize kernel, TSize stride, TSize padding) where TSize : struct, IEquatable<TSize> =>
        string.Create(CultureInfo.InvariantCulture, $"{layer}({kernel}")
        + Setting("stride", stride, kernel) + Setting("padding", padding, default) + ")";

    /// <summary>A setting, where it is not the usual one: <c>, stride 2</c>.</summary>
    public static string Setting<TValue>(string name, TValue value, TValue usual) where TValue : IEquatable<TValue> =>
        value.Equals(usual) ? "" : string.Create(CultureInfo.InvariantCulture, $", {name} {value}");
}
