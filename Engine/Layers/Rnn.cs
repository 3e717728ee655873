using System.Numerics;

namespace Engine;

/// <summary>
/// The plain recurrent network: h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh), or with ReLU in place of tanh (Elman: Finding structure in time,
/// 1990). Its gradients vanish or explode over many steps; those of <see cref="Lstm{T}"/> and <see cref="Gru{T}"/> do so
/// less.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Rnn<T> : Recurrent<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Layers whose weights and biases are initialized uniformly on ±1/√hidden, as in PyTorch.</summary>
    /// <param name="inputs">The last extent of the input, at least 1.</param>
    /// <param name="hidden">The number of hidden values, at least 1.</param>
    /// <param name="key">The key of the initial values.</param>
    /// <param name="layers">The number of layers, at least 1.</param>
    /// <param name="bidirectional">Whether the sequence is also read from its end.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="relu">Whether the activation is ReLU instead of tanh.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Rnn(
        int inputs, int hidden, RandomKey key, int layers = 1, bool bidirectional = false, bool bias = true, bool relu = false)
        : base(inputs, hidden, key, layers, bidirectional, bias, gates: 1, hasCell: false) => UsesRelu = relu;

    /// <summary>Whether the activation is ReLU instead of tanh.</summary>
    internal bool UsesRelu { get; }

    private protected override string Variant => LayerText.Setting("ReLU", UsesRelu);

    /// <summary>The outputs of all time steps and the last state, starting from a given state.</summary>
    /// <param name="x">[batch, time, inputs], with at least one time step.</param>
    /// <param name="hidden">[layers·directions, batch, hidden]; the default tensor for zeros.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public RecurrentResult<T> Forward(Tensor<T> x, Tensor<T> hidden) => Run(x, hidden, default);

    private protected override void Step(in Tensor<T> fromInput, in Tensor<T> fromHidden, ref Tensor<T> hidden, ref Tensor<T> cell)
    {
        Tensor<T> sum = fromInput + fromHidden;
        hidden = UsesRelu ? sum.Relu() : sum.Tanh();
    }
}
