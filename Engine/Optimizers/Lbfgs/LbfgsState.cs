using System.Numerics;

namespace Engine;

/// <summary>The state of <see cref="Lbfgs{T}"/>, as a copy. All parameters are one vector, in their order.</summary>
/// <param name="Iterations">The iterations made.</param>
/// <param name="Evaluations">The calls of the closure.</param>
/// <param name="StepLength">The length τ of the last step.</param>
/// <param name="Scale">The factor (s·y)/(y·y) of the newest pair.</param>
/// <param name="Direction">The direction d of the last step.</param>
/// <param name="Gradient">The gradient before the last step.</param>
/// <param name="Pairs">The pairs, the oldest first.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record LbfgsState<T>(
    long Iterations,
    long Evaluations,
    double StepLength,
    double Scale,
    Tensor<T> Direction,
    Tensor<T> Gradient,
    IReadOnlyList<LbfgsPair<T>> Pairs) where T : unmanaged, IFloatingPointIeee754<T>;
