using Engine;

namespace Examples.Logs;

/// <summary>Points of the plane and whether each is inside the circle.</summary>
internal sealed record CircleBatch(Tensor<float> Points, int[] Classes) : IBatch
{
    /// <inheritdoc/>
    public int Count => Classes.Length;
}
