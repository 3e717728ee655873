using System.Numerics;

namespace Engine;

/// <summary>y = x where x &gt; 0, else slope·x, for each element.</summary>
/// <param name="slope">The slope below zero.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LeakyRelu<T>(double slope = 0.01) : Activation<LeakyReluFunction, T>(new(slope))
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The name, and the slope unless it is 0.01.</summary>
    public override string ToString() => LayerText.Activation("LeakyRelu", (Function.Slope, 0.01));
}
