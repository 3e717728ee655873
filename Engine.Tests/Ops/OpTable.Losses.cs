using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Losses and penalties.</summary>
    private static OpCase<T>[] Losses =>
    [
    ];
}
