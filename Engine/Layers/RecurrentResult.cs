using System.Numerics;

namespace Engine;

/// <summary>What a recurrent layer returns: the outputs of all time steps, and the state after the last one.</summary>
/// <param name="Output">
/// [batch, time, directions·hidden]: the hidden states of the last layer; along the last axis those of the forward direction come first,
/// then those of the reverse one.
/// </param>
/// <param name="Hidden">[layers·directions, batch, hidden]: the last hidden state of each layer and direction.</param>
/// <param name="Cell">The last cell, of the same shape; the default tensor for layers without one.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly record struct RecurrentResult<T>(Tensor<T> Output, Tensor<T> Hidden, Tensor<T> Cell)
    where T : unmanaged, IFloatingPointIeee754<T>;
