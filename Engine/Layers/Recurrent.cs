using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// A network that reads a sequence step by step and keeps a hidden state: [batch, time, inputs] becomes [batch, time, directions·hidden].
/// Each further layer reads the outputs of the one before; a second direction reads the sequence from its end. Parameters have
/// PyTorch's names and layout: <c>weight_ih_l0</c> of [gates·hidden, inputs], <c>weight_hh_l0</c> of [gates·hidden, hidden],
/// <c>bias_ih_l0</c> and <c>bias_hh_l0</c>, and the same with <c>_reverse</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Recurrent<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Weights> _weights = [];
    private readonly int _gates;
    private readonly bool _hasCell;

    /// <summary>Layers whose weights and biases are initialized uniformly on ±1/√hidden, as in PyTorch.</summary>
    private protected Recurrent(int inputs, int hidden, RandomKey key, int layers, bool bidirectional, bool bias, int gates, bool hasCell)
    {
        if (inputs < 1 || hidden < 1 || layers < 1)
        {
            throw new ArgumentOutOfRangeException(
                inputs < 1 ? nameof(inputs) : hidden < 1 ? nameof(hidden) : nameof(layers),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TypeName}: got {inputs} inputs, {hidden} hidden values and {layers} layers, expected at least 1 of each."));
        }
        Inputs = inputs;
        HiddenSize = hidden;
        Layers = layers;
        Directions = bidirectional ? 2 : 1;
        _gates = gates;
        _hasCell = hasCell;
        double bound = 1 / Math.Sqrt(hidden);
        Initializer uniform = Initializers.Uniform(-bound, bound);
        for (int i = 0; i < layers * Directions; i++)
        {
            int layer = i / Directions, width = layer == 0 ? inputs : Directions * hidden;
            string suffix = string.Create(CultureInfo.InvariantCulture, $"_l{layer}{(i % Directions == 0 ? "" : "_reverse")}");
            _weights.Add(
                new(
                    Add("weight_ih" + suffix, [gates * hidden, width]), Add("weight_hh" + suffix, [gates * hidden, hidden]),
                    bias ? Add("bias_ih" + suffix, [gates * hidden]) : null, bias ? Add("bias_hh" + suffix, [gates * hidden]) : null));
        }

        Parameter<T> Add(string name, Shape shape) => AddParameter(name, uniform.Create<T>(shape, key.Fold(name)));
    }

    /// <summary>The last extent of the input.</summary>
    public int Inputs { get; }

    /// <summary>The number of hidden values of each layer and direction.</summary>
    public int HiddenSize { get; }

    /// <summary>The number of layers.</summary>
    public int Layers { get; }

    /// <summary>2 if the sequence is also read from its end, else 1.</summary>
    public int Directions { get; }

    /// <summary>The weights of each layer and direction, a layer's two directions next to each other.</summary>
    internal IReadOnlyList<Weights> AllWeights => _weights;

    /// <summary>The layer, its extents, and non-default settings.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TypeName}({Inputs} → {HiddenSize}")
        + (Layers > 1 ? string.Create(CultureInfo.InvariantCulture, $", {Layers} layers") : "")
        + LayerText.Setting("bidirectional", Directions > 1) + LayerText.Setting("no bias", _weights[0].InputBias is null) + Variant + ")";

    /// <summary>Further settings of a derived class, where they are not the defaults: <c>, ReLU</c>.</summary>
    private protected virtual string Variant => "";

    /// <summary>The outputs of all time steps, starting from a state of zeros.</summary>
    /// <param name="x">[batch, time, inputs], with at least one time step.</param>
    /// <exception cref="ArgumentException">x has another shape.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => Run(x, default, default).Output;

    /// <summary>One time step of one layer and direction.</summary>
    /// <param name="fromInput">[batch, gates·hidden], the input times its weights.</param>
    /// <param name="fromHidden">[batch, gates·hidden], the hidden state times its weights.</param>
    /// <param name="hidden">[batch, hidden], replaced by the next.</param>
    /// <param name="cell">[batch, hidden], replaced by the next; the default tensor for a layer without one.</param>
    private protected abstract void Step(in Tensor<T> fromInput, in Tensor<T> fromHidden, ref Tensor<T> hidden, ref Tensor<T> cell);

    /// <summary>Reads a sequence, starting from a given state; default tensors for a state of zeros.</summary>
    private protected RecurrentResult<T> Run(Tensor<T> x, in Tensor<T> hidden, in Tensor<T> cell)
    {
        Check(x, hidden, cell);
        int states = Layers * Directions, time = x.Shape[1];
        // several threads may evaluate one layer, so that it keeps nothing in fields
        Tensor<T>[] rented = ArrayPool<Tensor<T>>.Shared.Rent(2 * states + time);
        try
        {
            Span<Tensor<T>> lastHidden = rented.AsSpan(0, states), lastCells = rented.AsSpan(states, states),
                steps = rented.AsSpan(2 * states, time);
            for (int layer = 0; layer < Layers; layer++)
            {
                int first = layer * Directions;
                Tensor<T> forward = ReadSequence(x, first, hidden, cell, steps, out lastHidden[first], out lastCells[first]);
                x = Directions == 1
                    ? forward
                    : Tensor<T>.Concat(
                        [forward, ReadSequence(x, first + 1, hidden, cell, steps, out lastHidden[first + 1], out lastCells[first + 1])],
                        -1);
            }
            return new(x, Tensor<T>.Stack(lastHidden), _hasCell ? Tensor<T>.Stack(lastCells) : default);
        }
        finally
        {
            ArrayPool<Tensor<T>>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>The outputs of one layer in one direction, and its last state.</summary>
    private Tensor<T> ReadSequence(
        in Tensor<T> x, int number, in Tensor<T> hidden, in Tensor<T> cell, Span<Tensor<T>> steps, out Tensor<T> lastHidden,
        out Tensor<T> lastCell)
    {
        Weights weights = _weights[number];
        int batch = x.Shape[0], time = x.Shape[1];
        bool isReverse = number % Directions == 1;
        // the input's part of all steps is one product
        Tensor<T> fromInput = Apply(x, weights.Input, weights.InputBias);
        Tensor<T> h = hidden.IsDefault ? Zeros(batch) : hidden.Select(0, number);
        Tensor<T> c = !_hasCell ? default : cell.IsDefault ? Zeros(batch) : cell.Select(0, number);
        for (int i = 0; i < time; i++)
        {
            int t = isReverse ? time - 1 - i : i;
            Step(fromInput.Select(1, t), Apply(h, weights.Hidden, weights.HiddenBias), ref h, ref c);
            steps[t] = h;
        }
        (lastHidden, lastCell) = (h, c);
        return Tensor<T>.Stack(steps, 1);
    }

    private Tensor<T> Zeros(int batch)
    {
        Tensor<T> zeros = Tape<T>.Allocate([batch, HiddenSize], out Span<T> elements);
        elements.Clear();
        return zeros;
    }

    private static Tensor<T> Apply(in Tensor<T> x, Parameter<T> weight, Parameter<T>? bias) =>
        bias is null ? x.Linear(weight.Value) : x.Linear(weight.Value, bias.Value);

    private void Check(in Tensor<T> x, in Tensor<T> hidden, in Tensor<T> cell)
    {
        if (x.Shape.Rank != 3 || x.Shape[2] != Inputs || x.Shape[1] == 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TypeName}: got the shape {x.Shape}, expected [batch, time, {Inputs}] with at least one time step."),
                nameof(x));
        }
        Shape expected = [Layers * Directions, x.Shape[0], HiddenSize];
        if ((!hidden.IsDefault && hidden.Shape != expected) || (!cell.IsDefault && cell.Shape != expected))
        {
            throw new ArgumentException(
                $"{TypeName}: got an initial state of shape {(hidden.IsDefault || hidden.Shape == expected ? cell : hidden).Shape}, "
                    + $"expected "
                    + $"{expected}: [layers·directions, batch, hidden].", nameof(hidden));
        }
    }

    /// <summary>The parameters of one layer in one direction.</summary>
    internal sealed record Weights(Parameter<T> Input, Parameter<T> Hidden, Parameter<T>? InputBias, Parameter<T>? HiddenBias);
}
