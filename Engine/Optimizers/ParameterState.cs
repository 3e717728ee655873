using System.Numerics;

namespace Engine;

/// <summary>The optimizer state of one parameter, under PyTorch's key names, as a copy.</summary>
/// <param name="Rule">The name of the rule that made it.</param>
/// <param name="Step">The number of updates made (PyTorch: <c>step</c>).</param>
/// <param name="Arrays">The state arrays by name; none before the first step.</param>
/// <param name="Scalars">The numbers kept beside the arrays.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record ParameterState<T>(string Rule, long Step, IReadOnlyDictionary<string, Tensor<T>> Arrays,
    IReadOnlyDictionary<string, double> Scalars)
    where T : unmanaged, IFloatingPointIeee754<T>;
