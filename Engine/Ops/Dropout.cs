using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = m·x/(1 − p) with a mask m that is 0 with probability p, else 1: the expectation of y is x; ∂loss/∂x = m·g/(1 − p) (Srivastava,
/// Hinton, Krizhevsky, Sutskever, Salakhutdinov: Dropout, 2014). The mask is a function of the key and the element's number, generated
/// again in the backward pass.
/// </summary>
public static class DropoutOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Each element is 0 with the given probability, else divided by 1 − p.</summary>
        /// <param name="probability">p in [0, 1); 1 − p is rounded to a multiple of 2⁻²⁴. If p is 0, the result is x itself.</param>
        /// <param name="key">The key that determines the mask: fold the step into it.</param>
        /// <param name="first">
        /// The number of x's first element, where x is a part of a larger batch: element i of x uses element first + i of the mask.
        /// </param>
        /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1), or the first number is negative.</exception>
        public Tensor<T> Dropout(double probability, RandomKey key, long first = 0)
        {
            CheckProbability(probability);
            if (first < 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(first),
                    string.Create(CultureInfo.InvariantCulture, $"Dropout: got first = {first}, expected a non-negative number."));
            }
            if (probability == 0)
            {
                return x;
            }
            Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
            DropoutMask.Apply(x.Span, elements, 1 - probability, key.Key, key.Stream, (ulong)first);
            return Tape<T>.Record(
                new Node<T> { Op = DropoutBackward<T>.Instance, A = x, Key = key, Integer = first, Scalar = probability }, y);
        }
    }

    internal static void CheckProbability(double probability)
    {
        if (!(probability >= 0 && probability < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability),
                string.Create(
                    CultureInfo.InvariantCulture, $"Dropout: got the probability {probability}, expected one from 0 to below 1."));
        }
    }

    private sealed class DropoutBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly DropoutBackward<T> Instance = new();

        public override string Name => "Dropout";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            DropoutMask.Apply(context.OutputGradient.Span, elements, 1 - node.Scalar, node.Key.Key, node.Key.Stream, (ulong)node.Integer);
            context.Accumulate(node.A, dx);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> mask = Tape<T>.Allocate(node.A.Shape, out Span<T> elements);
            elements.Fill(T.One);
            DropoutMask.Apply(elements, elements, 1 - node.Scalar, node.Key.Key, node.Key.Stream, (ulong)node.Integer);
            return node.A * mask;
        }
    }
}
