using System.Numerics;

namespace Engine;

/// <summary>
/// Some examples of a data set, copied into memory that the next batch is written to: taking the next one makes this one expired, and
/// everything that is read from it then throws. A recording that has used it must have run its backward pass before.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Batch<T> : IBatch where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly BatchMemory<T>? _memory;
    private readonly int _generation;

    internal Batch(BatchMemory<T> memory)
    {
        _memory = memory;
        _generation = memory.Generation;
    }

    /// <summary>The number of examples: the size of a batch, or less in the last of an epoch.</summary>
    /// <exception cref="InvalidOperationException">The batch is expired.</exception>
    public int Count => Memory.Count;

    /// <summary>The epoch, from 0 on, and the index of the batch in it.</summary>
    /// <exception cref="InvalidOperationException">The batch is expired.</exception>
    public BatchPosition Position => Memory.Position;

    /// <summary>The indices of the examples in the data set.</summary>
    /// <exception cref="InvalidOperationException">The batch is expired.</exception>
    public ReadOnlySpan<int> Examples => Memory.Examples;

    /// <summary>What a model reads: [<see cref="Count"/>, …].</summary>
    /// <exception cref="InvalidOperationException">The batch is expired.</exception>
    public Tensor<T> Inputs => Memory.Inputs;

    /// <summary>The class of each example.</summary>
    /// <exception cref="InvalidOperationException">The batch is expired, or the data set has no labels.</exception>
    public ReadOnlySpan<int> Labels => Memory.Labels;

    /// <summary>The numbers to predict: [<see cref="Count"/>, …].</summary>
    /// <exception cref="InvalidOperationException">The batch is expired, or the data set has no targets.</exception>
    public Tensor<T> Targets => Memory.Targets;

    private BatchMemory<T> Memory => _memory is not null && _memory.Generation == _generation
        ? _memory
        : throw new InvalidOperationException(_memory is null
            ? "Batch: got the default batch, which has no examples, expected one of a data set."
            : "Batch: got a batch that is expired: the next one was written in its place since. Keep values with ToArray or Clone.");
}
