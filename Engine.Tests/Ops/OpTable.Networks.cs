using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The operations of layers: convolutions, pooling, normalization, embeddings.</summary>
    private static OpCase<T>[] Networks =>
    [
    ];
}
