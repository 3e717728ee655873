using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// A random mask that is never stored: element i is kept if the i-th 32-bit word of a <see cref="Philox"/> stream lies below a threshold, in 24 bits, which float holds exactly.
/// </summary>
internal static unsafe class Masking
{
    private const int Chunk = 1024;
    private const double Range = 1 << 24;

    /// <summary>y ← x/keep where the mask keeps, else 0. The probability is rounded to a multiple of 2⁻²⁴ (not to 0), and x is divided by the rounded one: the expectation is exact.</summary>
    public static void Keep<T>(ReadOnlySpan<T> x, Span<T> y, double keep, ulong key, ulong stream, ulong first) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        double threshold = Math.Max(1, Math.Round(keep * Range));
        fixed (T* px = x, py = y)
        {
            Blocks.Run<KeepLoop<T>, T>(new(px, py, T.CreateTruncating(threshold), T.CreateTruncating(Range / threshold), key, stream, first), x.Length);
        }
    }

    internal readonly struct KeepLoop<T>(T* x, T* y, T threshold, T scale, ulong key, ulong stream, ulong first) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            ulong* blocks = stackalloc ulong[Chunk / 2 + 2];
            T* numbers = stackalloc T[Chunk];
            for (; from < to; from += Chunk)
            {
                int count = Math.Min(Chunk, to - from);
                ulong word = first + (ulong)from;
                int before = (int)(word % 4);
                Philox.Fill(blocks, (before + count + 3) / 4, word / 4, stream, key);
                Span<int> words = new((int*)blocks + before, count);
                TensorPrimitives.ShiftRightLogical(words, 8, words);
                TensorPrimitives.ConvertTruncating<int, T>(words, new Span<T>(numbers, count));
                Chunked<L>(x + from, y + from, numbers, count, 0);
            }
        }

        private void Chunked<L>(T* source, T* result, T* numbers, int count, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L limit = L.Broadcast(threshold), factor = L.Broadcast(scale);
            for (; i <= count - L.Count; i += L.Count)
            {
                L.Store(L.WhereGreater(limit, L.Load(numbers + i), L.Load(source + i) * factor, 0), result + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Chunked<Scalar<T>>(source, result, numbers, count, i); // a product alone: the same bits in every lane
            }
        }
    }
}
