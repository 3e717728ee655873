namespace Engine;

/// <summary>In which order the bytes of a number stand in a file.</summary>
internal enum ByteOrder
{
    /// <summary>The least significant byte first.</summary>
    LittleEndian,

    /// <summary>The most significant byte first.</summary>
    BigEndian,
}
