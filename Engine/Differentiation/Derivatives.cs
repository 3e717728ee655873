using System.Numerics;

namespace Engine;

/// <summary>
/// Derivatives of a function of one tensor at a point: gradient, Jacobian, Hessian, and their products with vectors, which cost a few
/// evaluations of the function whatever its size. For losses of many parameters see <see cref="TapeGradients"/>.
/// </summary>
/// <remarks>The function must compute its result from its argument by operations on tensors. Results own their memory.</remarks>
public static class Derivatives
{
    /// <summary>∇f(x), of x's shape.</summary>
    /// <param name="function">f, whose result is a scalar.</param>
    /// <param name="x">The point.</param>
    /// <exception cref="InvalidOperationException">The result is not a scalar.</exception>
    public static Tensor<T> Gradient<T>(Func<Tensor<T>, Tensor<T>> function, Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        Evaluate(function, x, static (tape, p, y) => GradientOf(tape, y, p, nameof(Gradient)).Clone());

    /// <summary>The product of a vector with the Jacobian, vᵀ·∂f/∂x, of x's shape.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The vector, of the shape of f(x).</param>
    /// <exception cref="ArgumentException">The vector has another shape.</exception>
    public static Tensor<T> VectorJacobianProduct<T>(Func<Tensor<T>, Tensor<T>> function, Tensor<T> x, Tensor<T> v)
        where T : unmanaged, IFloatingPointIeee754<T> => Evaluate(
            function, x, (tape, p, y) => TapeGradients.Of(tape, y, [p], v, nameof(VectorJacobianProduct))[0].Clone());

    /// <summary>
    /// The derivative of f in the direction v, ∂f/∂x·v, of the shape of f(x). It is the gradient with respect to u of
    /// ⟨uᵀ·∂f/∂x, v⟩, which is linear in u.
    /// </summary>
    /// <param name="function">f.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape.</param>
    /// <exception cref="ArgumentException">The direction has another shape.</exception>
    public static Tensor<T> JacobianVectorProduct<T>(Func<Tensor<T>, Tensor<T>> function, Tensor<T> x, Tensor<T> v)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckDirection(x, v, nameof(JacobianVectorProduct));
        return Evaluate(
            function, x,
            (tape, p, y) =>
            {
                Parameter<T> u = new("u", Tensor<T>.Zeros(y.Shape));
                return tape.Gradient((tape.Gradients(y, [p], u.Value)[0] * v).Sum(), u.Value).Clone();
            });
    }

    /// <summary>The product of the Hessian with a vector, ∇²f(x)·v, of x's shape.</summary>
    /// <param name="function">f, whose result is a scalar.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The vector, of x's shape.</param>
    /// <exception cref="ArgumentException">The vector has another shape.</exception>
    /// <exception cref="InvalidOperationException">The result is not a scalar.</exception>
    public static Tensor<T> HessianVectorProduct<T>(Func<Tensor<T>, Tensor<T>> function, Tensor<T> x, Tensor<T> v)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckDirection(x, v, nameof(HessianVectorProduct));
        return Evaluate(
            function, x, (tape, p, y) => tape.Gradients(GradientOf(tape, y, p, nameof(HessianVectorProduct)), [p], v)[0].Clone());
    }

    /// <summary>∂f/∂x as a matrix: a row for each element of f(x), a column for each of x.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">The point.</param>
    public static Tensor<T> Jacobian<T>(Func<Tensor<T>, Tensor<T>> function, Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        Evaluate(function, x, static (tape, p, y) => Rows(tape, y, p));

    /// <summary>∇²f(x) as a matrix: a row and a column for each element of x.</summary>
    /// <param name="function">f, whose result is a scalar.</param>
    /// <param name="x">The point.</param>
    /// <exception cref="InvalidOperationException">The result is not a scalar.</exception>
    public static Tensor<T> Hessian<T>(Func<Tensor<T>, Tensor<T>> function, Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        Evaluate(function, x, static (tape, p, y) => Rows(tape, GradientOf(tape, y, p, nameof(Hessian)), p));

    private static Tensor<T> Evaluate<T>(
        Func<Tensor<T>, Tensor<T>> function, in Tensor<T> x, Func<Tape<T>, Tensor<T>, Tensor<T>, Tensor<T>> result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        Tape<T> tape = new();
        Parameter<T> p = new("x", x);
        using (tape.Record())
        {
            return result(tape, p.Value, function(p.Value));
        }
    }

    private static Tensor<T> GradientOf<T>(Tape<T> tape, in Tensor<T> y, in Tensor<T> p, string operation)
        where T : unmanaged, IFloatingPointIeee754<T> => TapeGradients.Of(tape, y, [p], default, operation)[0];

    /// <summary>The gradients of all elements of y, stacked as rows.</summary>
    private static Tensor<T> Rows<T>(Tape<T> tape, in Tensor<T> y, in Tensor<T> p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> rows = Tensor<T>.Uninitialized([y.Length, p.Length]);
        for (int i = 0; i < y.Length; i++)
        {
            Tensor<T> unit = Tensor<T>.Zeros(y.Shape);
            unit.Output[i] = T.One;
            tape.Gradients(y, [p], unit)[0].Span.CopyTo(rows.Output[(i * p.Length)..]);
        }
        return rows;
    }

    private static void CheckDirection<T>(in Tensor<T> x, in Tensor<T> v, string operation) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (v.Shape != x.Shape)
        {
            throw new ArgumentException(
                $"{operation}: got a vector of shape {v.Shape} at a point of shape {x.Shape}, expected the same.", nameof(v));
        }
    }
}
