using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Random numbers by coordinates: element i is made of the i-th 64 bits of a <see cref="Philox"/> stream, in double precision, and rounded to float last, if that is wanted.
/// </summary>
internal static unsafe class Sampling
{
    private const int Chunk = 1024;

    /// <summary>64 random bits to one of the 2⁵³ numbers k·2⁻⁵³ of [0, 1).</summary>
    public static double HalfOpen(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));

    /// <summary>64 random bits to one of the 2⁵² numbers (k + ½)·2⁻⁵² of (0, 1), which lie symmetrically about ½.</summary>
    public static double Open(ulong bits) => ((bits >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>offset + scale · u with u uniform on [0, 1).</summary>
    public static void Uniform<T>(Span<T> values, double offset, double scale, ulong key, ulong stream, long first) where T : unmanaged, IFloatingPointIeee754<T> =>
        Run(values, offset, scale, key, stream, first, normal: false);

    /// <summary>offset + scale · z with z standard normal.</summary>
    public static void Normal<T>(Span<T> values, double offset, double scale, ulong key, ulong stream, long first) where T : unmanaged, IFloatingPointIeee754<T> =>
        Run(values, offset, scale, key, stream, first, normal: true);

    private static void Run<T>(Span<T> values, double offset, double scale, ulong key, ulong stream, long first, bool normal) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pointer = values)
        {
            Chunks<T> work = new(pointer, values.Length, offset, scale, key, stream, (ulong)first, normal);
            int parts = (values.Length + Chunk - 1) / Chunk;
            if (values.Length >= Chunk * 4)
            {
                Workers.Run(ref work, parts);
                return;
            }
            for (int part = 0; part < parts; part++)
            {
                work.Run(part);
            }
        }
    }

    private readonly struct Chunks<T>(T* values, int length, double offset, double scale, ulong key, ulong stream, ulong first, bool normal) : IParts where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run(int part)
        {
            int from = part * Chunk, count = Math.Min(Chunk, length - from);
            ulong element = first + (ulong)from;
            ulong* words = stackalloc ulong[Chunk + 2];
            Philox.Fill(words, count / 2 + 1, element / 2, stream, key);
            words += element % 2;
            double* numbers = stackalloc double[Chunk];
            for (int i = 0; i < count; i++)
            {
                numbers[i] = normal ? Open(words[i]) : HalfOpen(words[i]);
            }
            if (normal)
            {
                Blocks.Run<QuantileLoop, double>(new(numbers), count);
            }
            for (int i = 0; i < count; i++)
            {
                values[from + i] = T.CreateTruncating(offset + scale * numbers[i]);
            }
        }
    }

    /// <summary>p ← Φ⁻¹(p).</summary>
    internal readonly struct QuantileLoop(double* p) : ILoop<double>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, double>
        {
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(NormalQuantile.Of(L.Load(p + i)), p + i);
            }
            if (i < to)
            {
                Blocks.StoreTail(NormalQuantile.Of(Blocks.LoadTail<L, double>(p + i, to - i)), p + i, to - i);
            }
        }
    }
}
