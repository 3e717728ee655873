using System.Numerics;

namespace Engine;

/// <summary>A copy of a module's buffers and counters, which a forward pass that fails restores.</summary>
internal sealed class ModuleState<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private IReadOnlyList<NamedTensor<T>> _buffers = [];
    private IReadOnlyList<NamedCounter> _counters = [];
    private Tensor<T>[] _values = [];
    private long[] _numbers = [];

    /// <summary>Copies the present state; allocates only if the module has other buffers or counters than at the last call.</summary>
    public void Save(Module<T> module)
    {
        if (!ReferenceEquals(_buffers, module.Buffers) || !ReferenceEquals(_counters, module.Counters))
        {
            (_buffers, _counters) = (module.Buffers, module.Counters);
            _values = [.. _buffers.Select(static buffer => buffer.Value.Clone())];
            _numbers = new long[_counters.Count];
        }
        for (int i = 0; i < _values.Length; i++)
        {
            _buffers[i].Value.Span.CopyTo(_values[i].Output);
        }
        for (int i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = _counters[i].Value;
        }
    }

    /// <summary>Restores the copied state.</summary>
    public void Restore()
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i].Span.CopyTo(_buffers[i].Value.Output);
        }
        for (int i = 0; i < _numbers.Length; i++)
        {
            _counters[i].Value = _numbers[i];
        }
    }
}
