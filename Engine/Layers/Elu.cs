using System.Numerics;

namespace Engine;

/// <summary>y = x where x &gt; 0, else α(eˣ − 1), for each element.</summary>
/// <param name="alpha">α: the function tends to −α far below zero.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Elu<T>(double alpha = 1) : Activation<EluFunction, T>(new(alpha))
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The name, and the α unless it is 1.</summary>
    public override string ToString() => LayerText.Activation("Elu", (Function.Alpha, 1));
}
