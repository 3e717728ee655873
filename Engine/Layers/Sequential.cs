using System.Collections;
using System.Numerics;

namespace Engine;

/// <summary>A chain of modules, named 0, 1, 2, …: y = fₙ(… f₁(f₀(x))).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sequential<T> : Module<T>, IReadOnlyList<Module<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Module<T>[] _modules;

    /// <summary>A chain of these modules; an empty one is the identity.</summary>
    /// <exception cref="ArgumentException">A module is null, repeated, or inside another already; then none is added.</exception>
    public Sequential(params ReadOnlySpan<Module<T>> modules)
    {
        _modules = modules.ToArray();
        for (int i = 0; i < _modules.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(_modules[i], nameof(modules));
            if (Array.IndexOf(_modules, _modules[i]) < i)
            {
                throw new ArgumentException(
                    $"Sequential: got the same module again at position {i}, expected different modules.", nameof(modules));
            }
            CheckFree(_modules[i], i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        for (int i = 0; i < _modules.Length; i++)
        {
            AddModule(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _modules[i]);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Length;

    /// <summary>One module.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such module.</exception>
    public Module<T> this[int index] => _modules[index];

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        foreach (Module<T> module in _modules)
        {
            x = module.Forward(x);
        }
        return x;
    }

    /// <inheritdoc/>
    public IEnumerator<Module<T>> GetEnumerator() => ((IEnumerable<Module<T>>)_modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
