using System.Globalization;

namespace Engine;

/// <summary>Parts of the descriptions of layers.</summary>
internal static class LayerText
{
    /// <summary>A layer of pooling from the numbers of its one or two dimensions.</summary>
    public static string Pooling<TSize>(string layer, TSize kernel, TSize stride, TSize padding, bool countsPadding = true)
        where TSize : struct, IEquatable<TSize> => string.Create(CultureInfo.InvariantCulture, $"{layer}({kernel}")
        + Setting("stride", stride, kernel) + Setting("padding", padding, default) + Setting("padding not counted", !countsPadding) + ")";

    /// <summary>An activation with its parameters, unless all of them have their default values: <c>HardTanh(-2, 2)</c>.</summary>
    public static string Activation(string name, params ReadOnlySpan<(double Value, double Default)> parameters)
    {
        string text = "";
        bool isDefault = true;
        foreach ((double value, double usual) in parameters)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? "" : ", ")}{value}");
            isDefault &= value == usual;
        }
        return isDefault ? name : $"{name}({text})";
    }

    /// <summary>A setting, unless it has its default value: <c>, stride 2</c>.</summary>
    public static string Setting<TValue>(string name, TValue value, TValue usual) where TValue : IEquatable<TValue> =>
        value.Equals(usual) ? "" : string.Create(CultureInfo.InvariantCulture, $", {name} {value}");

    /// <summary>The name of a setting that is not a default, if it is chosen: <c>, no bias</c>.</summary>
    public static string Setting(string name, bool isChosen) => isChosen ? $", {name}" : "";
}
