using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>A term of a sum as a function of a pair.</summary>
internal readonly struct TermOf<TTerm> : IPairFunction where TTerm : struct, ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => TTerm.Of(a, b);
}
