using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = m·x/(1 − p) with a mask m that is 0 with probability p, else 1: the expectation of y is x; ∂loss/∂x = m·g/(1 − p)
/// (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov: Dropout, 2014). The mask is a function of the key and the element's number, made anew on the way back.
/// </summary>
public static class DropoutOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Each element is 0 with the given probability, else divided by the probability to stay.</summary>
        /// <param name="probability">p in [0, 1); 1 − p is rounded to a multiple of 2⁻²⁴. With 0 the result is x itself.</param>
        /// <param name="key">Names the mask: fold the step into it.</param>
        /// <param name="first">The number of x's first element, for the part of a larger batch: element i of x is element first + i of the mask.</param>
        /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1), or the first number is negative.</exception>
        public Tensor<T> Dropout(double probability, RandomKey key, long first = 0)
        {
            CheckProbability(probability);
            ArgumentOutOfRangeException.ThrowIfNegative(first);
            if (probability == 0)
            {
                return x;
            }
            Tensor<T> y = Tape<T>.New(x.Shape);
            DropoutMask.Apply(x.Span, y.Output, 1 - probability, key.Key, key.Stream, (ulong)first);
            if (Tape<T>.Records(x))
            {
                Tape<T>.Add(new Node<T> { Op = Rule<T>.Instance, A = x, Saved = Save<T>(key, first), Attribute = probability }, y);
            }
            return y;
        }
    }

    internal static void CheckProbability(double probability)
    {
        if (!(probability >= 0 && probability < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, string.Create(CultureInfo.InvariantCulture, $"Dropout: got the probability {probability}, expected one from 0 to below 1."));
        }
    }

    /// <summary>The mask's coordinates, bit by bit, in memory of the tape.</summary>
    private static Tensor<T> Save<T>(RandomKey key, long first) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> saved = Tape<T>.New([3 * sizeof(ulong) / Unsafe.SizeOf<T>()]);
        Span<ulong> words = MemoryMarshal.Cast<T, ulong>(saved.Output);
        words[0] = key.Key;
        words[1] = key.Stream;
        words[2] = (ulong)first;
        return saved;
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => "Dropout";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<T, ulong>(node.Saved.Span);
            Tensor<T> dx = flow.Begin(node.A);
            DropoutMask.Apply(flow.Gradient.Span, dx.Output, 1 - node.Attribute, words[0], words[1], words[2]);
            flow.End(node.A, dx);
        }
    }
}
