using System.Numerics;

namespace Engine;

/// <summary>y = ln(1/(1 + e⁻ˣ)) for each element.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LogSigmoid<T> : Activation<LogSigmoidFunction, T> where T : unmanaged, IFloatingPointIeee754<T>;
