using System.Numerics;

namespace Engine.Kernels;

/// <summary>Options of <see cref="SoftmaxCrossEntropy"/>.</summary>
/// <param name="Smoothing">The label smoothing s.</param>
/// <param name="IgnoredClass">A class whose rows have neither a loss nor a gradient.</param>
/// <param name="WeightSum">The sum of the class weights.</param>
/// <param name="GradientScale">The factor of the gradients.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly record struct CrossEntropyOptions<T>(T Smoothing, int? IgnoredClass, T WeightSum, T GradientScale)
    where T : unmanaged, IFloatingPointIeee754<T>;
