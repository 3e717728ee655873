namespace Engine;

/// <summary>The types of elements in the IDX format, with the bytes that stand for them.</summary>
internal enum IdxType : byte
{
    Byte = 0x08,
    SByte = 0x09,
    Int16 = 0x0B,
    Int32 = 0x0C,
    Single = 0x0D,
    Double = 0x0E,
}
