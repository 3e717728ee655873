using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The scalars of a step, broadcast, in the order in which the rule asks for them.</summary>
/// <remarks>
/// They are fields and move up with each that is taken, because the compiler keeps fields in registers, where it would load an element of
/// an array again in every iteration. The moves cost nothing: they only rename.
/// </remarks>
internal struct StepScalars<L>
{
    /// <summary>The largest number of scalars that a rule may convert to the elements; Adan, with decay, has 13.</summary>
    public const int Capacity = 16;

    public L S0, S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12, S13, S14, S15;

    /// <summary>Takes the next scalar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Take()
    {
        L first = S0;
        S0 = S1;
        S1 = S2;
        S2 = S3;
        S3 = S4;
        S4 = S5;
        S5 = S6;
        S6 = S7;
        S7 = S8;
        S8 = S9;
        S9 = S10;
        S10 = S11;
        S11 = S12;
        S12 = S13;
        S13 = S14;
        S14 = S15;
        return first;
    }
}
