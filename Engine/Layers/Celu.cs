using System.Numerics;

namespace Engine;

/// <summary>y = x where x &gt; 0, else α(e^(x/α) − 1), for each element.</summary>
/// <param name="alpha">α &gt; 0: the function tends to −α far below zero.</param>
/// <exception cref="ArgumentOutOfRangeException">α is not positive.</exception>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Celu<T>(double alpha = 1) : Activation<CeluFunction, T>(new(alpha))
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The name, and the α unless it is 1.</summary>
    public override string ToString() => LayerText.Activation("Celu", (Function.Alpha, 1));
}
