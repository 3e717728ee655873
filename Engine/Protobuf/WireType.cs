namespace Engine;

/// <summary>How a field of a Protocol Buffers message is encoded.</summary>
internal enum WireType
{
    /// <summary>A whole number in groups of seven bits.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and that many bytes.</summary>
    Bytes = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
