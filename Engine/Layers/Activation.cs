using System.Numerics;

namespace Engine;

/// <summary>A function of one number, applied to each element.</summary>
/// <typeparam name="TFunction">The function with its derivative.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="function">The function with its parameters.</param>
public class Activation<TFunction, T>(TFunction function) : Layer<T>, IFunctionLayer
    where TFunction : unmanaged, IUnaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The function with the parameters that its parameterless constructor sets.</summary>
    public Activation() : this(new TFunction())
    {
    }

    /// <summary>The function with its parameters.</summary>
    private protected TFunction Function => function;

    /// <summary>The function's name.</summary>
    public override string ToString() => TFunction.Name;

    /// <inheritdoc/>
    public sealed override Tensor<T> Forward(Tensor<T> x) => x.Apply(function);

    TResult IFunctionLayer.Accept<TResult>(IUnaryFunctionVisitor<TResult> visitor) => visitor.Visit(function);
}
