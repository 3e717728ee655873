namespace Engine;

/// <summary>Large angles modulo π/2, with the digits of 1/(2π) that they need.</summary>
/// <remarks>M. H. Payne, R. N. Hanek: Radian reduction for trigonometric functions, ACM SIGNUM Newsletter 18, 1983.</remarks>
internal static class FarAngle
{
    /// <summary>
    /// 64 bits before the binary point of 1/(2π) and 1216 behind it: what the largest number needs for 128 bits of its turns.
    /// </summary>
    private static ReadOnlySpan<ulong> Turn =>
    [
        0, 0x28BE60DB9391054A, 0x7F09D5F47D4D3770, 0x36D8A5664F10E410, 0x7F9458EAF7AEF158, 0x6DC91B8E909374B8, 0x01924BBA82746487,
        0x3F877AC72C4A69CF, 0xBA208D7D4BAED121, 0x3A671C09AD17DF90, 0x4E64758E60D4CE7D, 0x272117E2EF7E4A0E, 0xC7FE25FFF7816603,
        0xFBCBC462D6829B47, 0xDB4D9FB3C9F2C26D, 0xD3D18FD9A797FA8B, 0x5D49EEB1FAF97C5E, 0xCF41CE7DE294A4BA, 0x9AFED7EC47E35742,
        0x1580CC11BF1EDAEA,
    ];

    /// <summary>The angle r in [−π/4, π/4] with x = r + n·π/2 up to whole turns; NaN at ±∞.</summary>
    /// <param name="x">An angle of at least 1, in radians.</param>
    /// <param name="n">From −4 to 4.</param>
    public static double Reduce(double x, out int n)
    {
        n = 0;
        if (!double.IsFinite(x))
        {
            return double.NaN;
        }
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(x));
        ulong mantissa = (ulong)(bits & LaneBits.DoubleFraction) | 1UL << 52;
        int first = (int)(bits >> 52) - 1075 + 64; // |x| = mantissa·2ᵉ: the bits of 1/(2π) up to the e-th give whole turns

        UInt128 turns = (UInt128)(mantissa * Word(first)) << 64;
        turns += (UInt128)mantissa * Word(first + 64) + ((UInt128)mantissa * Word(first + 128) >> 64); // modulo 1, in units of 2⁻¹²⁸
        int quarters = (int)((turns + (UInt128.One << 125)) >> 126);
        double r = (double)(Int128)(turns - ((UInt128)quarters << 126)) * (Math.Tau / 3.4028236692093846e38);
        n = x < 0 ? -quarters : quarters;
        return x < 0 ? -r : r;
    }

    /// <summary>64 bits from the given bit on.</summary>
    private static ulong Word(int bit)
    {
        int word = bit >> 6, shift = bit & 63;
        return shift == 0 ? Turn[word] : Turn[word] << shift | Turn[word + 1] >> (64 - shift);
    }
}
