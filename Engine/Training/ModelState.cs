using System.Numerics;

namespace Engine;

/// <summary>The values of a model.</summary>
/// <param name="Values">Parameters and buffers by name.</param>
/// <param name="Counters">Counters by name.</param>
internal sealed record ModelState<T>(IReadOnlyDictionary<string, Tensor<T>> Values, IReadOnlyDictionary<string, long> Counters)
    where T : unmanaged, IFloatingPointIeee754<T>;
