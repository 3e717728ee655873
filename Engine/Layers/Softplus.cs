using System.Numerics;

namespace Engine;

/// <summary>y = ln(1 + e^(βx))/β for each element.</summary>
/// <param name="beta">β &gt; 0: the larger, the closer the function is to max(x, 0).</param>
/// <exception cref="ArgumentOutOfRangeException">β is not positive.</exception>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Softplus<T>(double beta = 1) : Activation<SoftplusFunction, T>(new(beta))
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The name, and the β unless it is 1.</summary>
    public override string ToString() => LayerText.Activation("Softplus", (Function.Beta, 1));
}
