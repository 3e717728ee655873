namespace Engine;

/// <summary>
/// The checksum of zip archives: the remainder of division by the polynomial 0x04C11DB7 (IEEE 802.3), bits reversed.
/// </summary>
internal struct Crc32
{
    private static readonly uint[] s_table = Table();

    private uint _inverse;

    /// <summary>The checksum of all bytes so far.</summary>
    public readonly uint Value => _inverse;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint remainder = ~_inverse;
        foreach (byte next in bytes)
        {
            remainder = s_table[(byte)remainder ^ next] ^ (remainder >> 8);
        }
        _inverse = ~remainder;
    }

    private static uint[] Table()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint remainder = i;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB88320;
            }
            table[i] = remainder;
        }
        return table;
    }
}
