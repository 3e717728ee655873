using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Parts of tensors, and tensors of parts.</summary>
    private static OpCase<T>[] Indexing =>
    [
    ];
}
