using Engine;

namespace Examples.GradientFlow;

/// <summary>A classifier of sequences: a recurrent layer, and a linear one on its last output.</summary>
internal sealed class SequenceReader : Layer<float>
{
    private readonly Recurrent<float> _memory;
    private readonly Linear<float> _head;

    /// <summary>Puts a linear layer behind a recurrent one.</summary>
    /// <param name="memory">The recurrent layer.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="key">The key of the linear layer's initial weights.</param>
    public SequenceReader(Recurrent<float> memory, int classes, RandomKey key)
    {
        _memory = AddModule("memory", memory);
        _head = AddModule("head", new Linear<float>(memory.HiddenSize, classes, key));
    }

    /// <summary>The logits of sequences.</summary>
    /// <param name="x">[batch, time, inputs].</param>
    public override Tensor<float> Forward(Tensor<float> x) => _head.Forward(_memory.Forward(x).Select(1, ^1));
}
