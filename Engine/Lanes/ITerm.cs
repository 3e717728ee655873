namespace Engine;

/// <summary>The summand of a reduction, computed from the elements of one or two vectors.</summary>
public interface ITerm
{
    /// <summary>The term; a reduction of one vector passes its element as both arguments.</summary>
    static abstract L Of<L>(L a, L b) where L : ILane<L>;
}
