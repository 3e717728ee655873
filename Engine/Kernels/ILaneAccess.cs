using System.Numerics;

namespace Engine.Kernels;

/// <summary>How a loop over elements loads and stores a lane: all of it, all of it past the caches, or its first elements only.</summary>
internal unsafe interface ILaneAccess<L, T> where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Loads the elements at <paramref name="source"/>; a lane that is not full ends in zeros.</summary>
    L Load(T* source);

    /// <summary>Loads floats and converts them to the lane's element type.</summary>
    L LoadSingles(float* source);

    /// <summary>Stores the elements to <paramref name="destination"/>.</summary>
    void Store(L value, T* destination);
}
