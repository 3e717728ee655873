using System.Collections;
using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>A chain of modules, named 0, 1, 2, …: y = fₙ(… f₁(f₀(x))).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sequential<T> : Module<T>, IReadOnlyList<Module<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Module<T>[] _modules;
    private readonly ModuleState<T> _before = new();

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
            CheckFree(_modules[i], i.ToString(CultureInfo.InvariantCulture));
        }
        for (int i = 0; i < _modules.Length; i++)
        {
            AddModule(i.ToString(CultureInfo.InvariantCulture), _modules[i]);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Length;

    /// <summary>One module.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such module.</exception>
    public Module<T> this[int index] => _modules[index];

    /// <inheritdoc/>
    /// <remarks>If a module throws, the buffers and counters of all modules are again what they were before.</remarks>
    /// <exception cref="ArgumentException">A module refuses its input; the message names the module.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        _before.Save(this);
        int i = 0;
        try
        {
            for (; i < _modules.Length; i++)
            {
                x = _modules[i].Forward(x);
            }
            return x;
        }
        catch (Exception error)
        {
            _before.Restore();
            if (error is not ArgumentException)
            {
                throw;
            }
            string module = _modules[i].ToString().Split('\n')[0];
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"Sequential: module {i}, {module}, got an input of shape {x.Shape}: {error.Message}"),
                error);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Module<T>> GetEnumerator() => ((IEnumerable<Module<T>>)_modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
