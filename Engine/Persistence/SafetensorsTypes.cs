namespace Engine;

/// <summary>The names that safetensors has for types.</summary>
internal static class SafetensorsTypes
{
    /// <summary>In the order of <see cref="DataType"/>.</summary>
    private static readonly string[] s_names =
    [
        "BOOL", "F4", "F6_E2M3", "F6_E3M2", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I16", "U16",
        "F16", "BF16", "I32", "U32", "F32", "C64", "F64", "I64", "U64",
    ];

    /// <summary>The name of a type.</summary>
    public static string NameOf(DataType type) => s_names[(int)type];

    /// <summary>The type of a name, or null.</summary>
    public static DataType? Find(string name) => Array.IndexOf(s_names, name) is >= 0 and int index ? (DataType)index : null;
}
