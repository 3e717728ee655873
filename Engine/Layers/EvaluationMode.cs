using System.Numerics;

namespace Engine;

/// <summary>
/// Puts a module and those inside it into evaluation mode until it is disposed; then their modes, buffers and counters are as before.
/// </summary>
internal sealed class EvaluationMode<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (Module<T> Module, bool Training)[] _modes;
    private readonly ModuleState<T> _before = new();

    public EvaluationMode(Module<T> module)
    {
        _modes = [.. WithChildren(module).Select(static m => (m, m.Training))];
        _before.Save(module);
        module.Training = false;
    }

    public void Dispose()
    {
        _before.Restore();
        foreach ((Module<T> module, bool training) in _modes)
        {
            module.Training = training; // from the outside in, so that each ends in its own mode
        }
    }

    private static IEnumerable<Module<T>> WithChildren(Module<T> module) =>
        module.Children.SelectMany(static child => WithChildren(child.Module)).Prepend(module);
}
