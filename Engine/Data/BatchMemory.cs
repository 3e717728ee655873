using System.Numerics;

namespace Engine;

/// <summary>Memory that one batch after the other is copied to.</summary>
internal sealed class BatchMemory<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dataset<T> _data;
    private readonly Buffer<T> _inputs;
    private readonly Buffer<T>? _targets;
    private readonly int[] _examples, _labels;
    private readonly int _inputWidth, _targetWidth;

    /// <summary>Memory for batches of up to <paramref name="size"/> examples.</summary>
    public BatchMemory(Dataset<T> data, int size)
    {
        _data = data;
        _inputWidth = data.Inputs.Length / data.Count;
        _inputs = new Buffer<T>(size * _inputWidth, clear: false) { IsBatch = true };
        if (data.HasTargets)
        {
            _targetWidth = data.Targets.Length / data.Count;
            _targets = new Buffer<T>(size * _targetWidth, clear: false) { IsBatch = true };
        }
        _examples = new int[size];
        _labels = data.HasLabels ? new int[size] : [];
    }

    /// <summary>How often the batch expired: a batch with another number is expired.</summary>
    public int Generation { get; private set; }

    public int Count { get; private set; }

    public BatchPosition Position { get; private set; }

    public ReadOnlySpan<int> Examples => _examples.AsSpan(0, Count);

    public Tensor<T> Inputs => new(_inputs, _data.Inputs.ShapeOfRows(Count));

    public ReadOnlySpan<int> Labels => _data.Labels.IsEmpty ? [] : _labels.AsSpan(0, Count);

    public Tensor<T> Targets => _targets is null ? _data.Targets : new(_targets, _data.Targets.ShapeOfRows(Count));

    /// <summary>Makes the batch and its tensors expired.</summary>
    public void Expire()
    {
        Generation++;
        _inputs.Expire();
        _targets?.Expire();
    }

    /// <summary>Copies examples into the memory of an expired batch.</summary>
    public void Fill(ReadOnlySpan<int> examples, BatchPosition position)
    {
        Count = examples.Length;
        Position = position;
        examples.CopyTo(_examples);
        _inputs.Reuse(Count * _inputWidth);
        Dataset<T>.CopyRows(_data.Inputs.Span, _inputWidth, examples, _inputs.Span);
        if (_targets is not null)
        {
            _targets.Reuse(Count * _targetWidth);
            Dataset<T>.CopyRows(_data.Targets.Span, _targetWidth, examples, _targets.Span);
        }
        for (int i = 0; i < examples.Length && _labels.Length > 0; i++)
        {
            _labels[i] = _data.Labels[examples[i]];
        }
    }
}
