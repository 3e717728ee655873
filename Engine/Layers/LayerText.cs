using System.Globalization;

namespace Engine;

/// <summary>Parts of the descriptions of layers.</summary>
internal static class LayerText
{
    /// <summary>A setting, where it is not the usual one: <c>, stride 2</c>.</summary>
    public static string Setting<TValue>(string name, TValue value, TValue usual) where TValue : IEquatable<TValue> =>
        value.Equals(usual) ? "" : string.Create(CultureInfo.InvariantCulture, $", {name} {value}");
}
