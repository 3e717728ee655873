using System.Numerics;

namespace Engine;

/// <summary>A value between two layers.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Sample">What the engine computes for a batch of zeros: the value's shape.</param>
internal readonly record struct OnnxValue<T>(string Name, Tensor<T> Sample) where T : unmanaged, IFloatingPointIeee754<T>;
