using System.Numerics;

namespace Engine;

/// <summary>
/// Puts a module and those inside it into evaluation mode until it is disposed; then their modes, buffers and counters are as before.
/// </summary>
internal sealed class EvaluationMode<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ModuleModes<T> _modes;
    private readonly ModuleState<T> _before = new();

    public EvaluationMode(Module<T> module)
    {
        _modes = new ModuleModes<T>(module);
        _before.Save(module);
        module.Training = false;
    }

    public void Dispose()
    {
        _before.Restore();
        _modes.Dispose();
    }
}
