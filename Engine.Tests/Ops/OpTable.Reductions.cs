using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Reductions along axes and running sums.</summary>
    private static OpCase<T>[] Reductions =>
    [
    ];
}
