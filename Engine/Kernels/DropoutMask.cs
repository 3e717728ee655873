using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Applies the random mask of dropout, which is never stored.</summary>
/// <remarks>
/// Element i is kept if the upper 24 bits of the i-th 32-bit word of a <see cref="Philox"/> stream, a number that float represents
/// exactly, are below a threshold.
/// </remarks>
internal static unsafe class DropoutMask
{
    private const int BufferLength = 1024;
    private const double Range = 1 << 24;

    /// <summary>y ← x/keepProbability where the mask keeps x, else 0.</summary>
    /// <remarks>
    /// The probability is rounded to a multiple of 2⁻²⁴, at least 2⁻²⁴, and x is divided by the rounded one, so that the expectation is
    /// exact.
    /// </remarks>
    public static void Apply<T>(ReadOnlySpan<T> x, Span<T> y, double keepProbability, ulong key, ulong stream, ulong first)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        double threshold = Math.Max(1, Math.Round(keepProbability * Range));
        fixed (T* px = x, py = y)
        {
            MaskKernel<T> kernel = new(px, py, T.CreateTruncating(threshold), T.CreateTruncating(Range / threshold), key, stream, first);
            Kernel.Run<MaskKernel<T>, T>(kernel, x.Length);
        }
    }

    /// <summary>Generates random words and applies them as a mask, one buffer at a time.</summary>
    internal readonly struct MaskKernel<T>(T* x, T* y, T threshold, T scale, ulong key, ulong stream, ulong first) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            ulong* buffer = stackalloc ulong[BufferLength / 2 + 2];
            T* numbers = stackalloc T[BufferLength];
            for (; from < to; from += BufferLength)
            {
                int count = Math.Min(BufferLength, to - from);
                ulong word = first + (ulong)from;
                int before = (int)(word % 4);
                Philox.Fill(buffer, (before + count + 3) / 4, word / 4, stream, key);
                Span<int> words = new((int*)buffer + before, count);
                TensorPrimitives.ShiftRightLogical(words, 8, words);
                TensorPrimitives.ConvertTruncating<int, T>(words, new Span<T>(numbers, count));
                ElementLoop.Run<Body<T>, L, T>(new(x + from, y + from, numbers, threshold, scale), 0, count);
            }
        }
    }

    /// <summary>y ← scale·x where the random number is below the threshold, else 0.</summary>
    private readonly struct Body<T>(T* x, T* y, T* numbers, T threshold, T scale) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L kept = memory.Load(x + i) * L.Broadcast(scale);
            memory.Store(L.WhereGreater(L.Broadcast(threshold), memory.Load(numbers + i), kept, 0), y + i);
        }
    }
}
