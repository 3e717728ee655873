using System.Collections;
using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>A chain of layers, named 0, 1, 2, …: y = fₙ(… f₁(f₀(x))).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sequential<T> : Layer<T>, IReadOnlyList<Layer<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Layer<T>[] _layers;
    private readonly ModuleState<T> _before = new();

    /// <summary>A chain of these layers; an empty one is the identity.</summary>
    /// <exception cref="ArgumentException">A layer is null, repeated, or inside another already; then none is added.</exception>
    public Sequential(params ReadOnlySpan<Layer<T>> layers)
    {
        _layers = layers.ToArray();
        for (int i = 0; i < _layers.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(_layers[i], nameof(layers));
            if (Array.IndexOf(_layers, _layers[i]) < i)
            {
                throw new ArgumentException(
                    $"Sequential: got the same layer again at position {i}, expected different layers.", nameof(layers));
            }
            CheckFree(_layers[i], i.ToString(CultureInfo.InvariantCulture));
        }
        for (int i = 0; i < _layers.Length; i++)
        {
            AddModule(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
        }
    }

    /// <summary>The number of layers.</summary>
    public int Count => _layers.Length;

    /// <summary>One layer.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such layer.</exception>
    public Layer<T> this[int index] => _layers[index];

    /// <inheritdoc/>
    /// <remarks>
    /// If a layer throws, the buffers and counters of all layers are again what they were before, and nothing of the call is recorded.
    /// </remarks>
    /// <exception cref="ArgumentException">A layer refuses its input; the message names the layer.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        _before.Save(this);
        Tape<T>.Mark before = Tape<T>.SetMark();
        int i = 0;
        try
        {
            for (; i < _layers.Length; i++)
            {
                x = _layers[i].Forward(x);
            }
            return x;
        }
        catch (Exception error)
        {
            _before.Restore();
            before.RollBack();
            if (error is not ArgumentException)
            {
                throw;
            }
            string layer = _layers[i].ToString().Split('\n')[0];
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"Sequential: layer {i}, {layer}, got an input of shape {x.Shape}: {error.Message}"),
                error);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Layer<T>> GetEnumerator() => ((IEnumerable<Layer<T>>)_layers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
