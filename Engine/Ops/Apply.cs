using System.Numerics;

namespace Engine;

/// <summary>Applies functions of one or two numbers, built-in ones and a user's own, to each element of tensors.</summary>
/// <remarks>
/// The tape needs one object for each function with its parameters. Up to 16 of them are kept for each type of function, one for each
/// value of its parameters, so that a step which uses the same few values every time allocates nothing. A value that is not among them
/// costs one small object and replaces the oldest.
/// </remarks>
public static class ApplyOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = f(x) for each element, with the gradient g·f′(x), which is 0 where g is 0 whatever f′(x) is.</summary>
        /// <param name="function">f with its parameters.</param>
        public Tensor<T> Apply<TFunction>(TFunction function) where TFunction : unmanaged, IUnaryFunction, IEquatable<TFunction> =>
            UnaryOp<TFunction, T>.Apply(function, x);
    }

    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// y = f(a, b) for each pair of elements, with NumPy's broadcasting and the gradients g·∂f/∂a and g·∂f/∂b, which are 0 where g is
        /// 0 whatever the derivatives are.
        /// </summary>
        /// <param name="function">f with its parameters.</param>
        /// <param name="a">The first operand.</param>
        /// <param name="b">The second operand.</param>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> Apply<TFunction>(TFunction function, in Tensor<T> a, in Tensor<T> b)
            where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> => BinaryOp<TFunction, T>.Apply(function, a, b);
    }
}
