namespace Engine.Kernels;

/// <summary>
/// A tensor seen as [outer, n, inner]: a kernel works along the middle axis, and its places are the others' [outer, inner].
/// </summary>
internal readonly record struct AxisLayout(int Outer, int N, int Inner)
{
    /// <summary>The number of elements.</summary>
    public int Length => Outer * N * Inner;

    /// <summary>The number of places.</summary>
    public int Places => Outer * Inner;
}
