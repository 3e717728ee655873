using System.Numerics;

namespace Engine;

/// <summary>y = λx where x &gt; 0, else λα(eˣ − 1), for each element; λ = 1.0507…, α = 1.6732….</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Selu<T> : Activation<SeluFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
