using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Functions of one and two numbers: the exponential family, trigonometry, activations.</summary>
    private static OpCase<T>[] Activations =>
    [
    ];
}
