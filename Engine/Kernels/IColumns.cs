using System.Numerics;

namespace Engine.Kernels;

/// <summary>What is computed along the columns of [outer, n, inner]; <see cref="Columns"/> is the loop over them.</summary>
internal unsafe interface IColumns<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes one lane of neighboring columns.</summary>
    /// <param name="element">The index of the first column's first element.</param>
    /// <param name="place">The index of the first column among all.</param>
    /// <param name="stack">Memory for a <see cref="PairwiseAccumulator{L, T}"/>.</param>
    /// <param name="memory">How the lane is loaded and stored.</param>
    void At<L, TAccess>(nint element, nint place, T* stack, TAccess memory)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>;
}
