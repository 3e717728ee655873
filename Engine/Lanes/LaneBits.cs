namespace Engine;

/// <summary>The bit patterns of 1 and √½, and the mask of the fraction field.</summary>
internal static class LaneBits
{
    public const int FloatOne = 0x3F800000, FloatRootHalf = 0x3F3504F3, FloatFraction = 0x007FFFFF;
    public const long DoubleOne = 0x3FF0000000000000, DoubleRootHalf = 0x3FE6A09E667F3BCD, DoubleFraction = 0x000FFFFFFFFFFFFF;
}
