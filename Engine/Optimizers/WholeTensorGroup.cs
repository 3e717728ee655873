using System.Numerics;

namespace Engine;

/// <summary>A group under a rule that needs whole tensors: its parameters do not go through the sweep.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class WholeTensorGroup<T> : Group<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected WholeTensorGroup(ParameterEntry<T>[] entries) : base(entries)
    {
    }

    /// <summary>Updates each parameter that has a gradient.</summary>
    internal abstract void Update();
}
