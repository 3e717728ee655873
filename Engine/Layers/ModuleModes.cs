using System.Numerics;

namespace Engine;

/// <summary>The modes of a module and of those inside it, which are restored when this is disposed.</summary>
internal sealed class ModuleModes<T>(Module<T> module) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (Module<T> Module, bool Training)[] _modes = [.. module.WithDescendants.Select(static m => (m, m.Training))];

    /// <summary>The module and those inside it, from the outside in.</summary>
    public IEnumerable<Module<T>> Modules => _modes.Select(static mode => mode.Module);

    public void Dispose()
    {
        foreach ((Module<T> module, bool training) in _modes)
        {
            module.Training = training; // from the outside in, since a module's mode reaches those inside
        }
    }
}
