using System.Numerics;

namespace Engine;

/// <summary>A formula of one number, applied to each element.</summary>
/// <typeparam name="TFormula">The formula with its derivative.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public class Activation<TFormula, T> : Module<T> where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x) => Unary<TFormula, T>.Apply(x);
}

/// <summary>y = max(x, 0).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Relu<T> : Activation<ReluOp.Formula, T> where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>y = tanh x.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tanh<T> : Activation<TanhOp.Formula, T> where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>y = 1/(1 + e⁻ˣ).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sigmoid<T> : Activation<SigmoidOp.Formula, T> where T : unmanaged, IFloatingPointIeee754<T>;
