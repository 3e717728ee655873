using System.Numerics;

namespace Engine;

/// <summary>A layer made from a function, without parameters: y = f(x).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Lambda<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Func<Tensor<T>, Tensor<T>> _function;
    private readonly string _name;

    /// <summary>The layer of a function.</summary>
    /// <param name="function">f, made of operations that the tape can differentiate.</param>
    /// <param name="name">What <see cref="ToString"/> says.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Lambda(Func<Tensor<T>, Tensor<T>> function, string name = "Lambda")
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(name);
        (_function, _name) = (function, name);
    }

    /// <summary>The given name.</summary>
    public override string ToString() => _name;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x) => _function(x);
}
