namespace Engine;

/// <summary>One element of each state array, in the order of <see cref="IRule.States"/>.</summary>
public struct State<L>
{
    /// <summary>The element of the first array.</summary>
    public L First;

    /// <summary>The element of the second array.</summary>
    public L Second;

    /// <summary>The element of the third array.</summary>
    public L Third;

    /// <summary>The element of the fourth array.</summary>
    public L Fourth;
}
