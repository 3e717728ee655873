using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Random numbers as functions of their index.</summary>
/// <remarks>
/// Element i is computed from the i-th 64 bits of a <see cref="Philox"/> stream, in double precision, and rounded to the element type
/// last.
/// </remarks>
internal static unsafe class Sampling
{
    private const int ChunkLength = 1024;

    /// <summary>Maps 64 random bits to one of the 2⁵³ numbers k·2⁻⁵³ in [0, 1).</summary>
    public static double HalfOpen(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));

    /// <summary>Maps 64 random bits to one of the 2⁵² numbers (k + ½)·2⁻⁵² in (0, 1), which are symmetric about ½.</summary>
    public static double Open(ulong bits) => ((bits >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>Fills <paramref name="values"/> with offset + scale·u, u uniform on [0, 1).</summary>
    public static void Uniform<T>(Span<T> values, double offset, double scale, ulong key, ulong stream, long first)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Run(values, new(offset, scale), key, stream, first);

    /// <summary>Fills <paramref name="values"/> with offset + scale·z, z standard normal.</summary>
    public static void Normal<T>(Span<T> values, double offset, double scale, ulong key, ulong stream, long first)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Run(values, new(offset, scale) { Normal = true }, key, stream, first);

    /// <summary>
    /// Fills <paramref name="values"/> with offset + scale·z, limited to [low, high], where z is standard normal and its quantile uniform
    /// on (probability, probability + width): normal between two bounds.
    /// </summary>
    public static void TruncatedNormal<T>(
        Span<T> values, double offset, double scale, double probability, double width, double low, double high, ulong key, ulong stream)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Law law = new(offset, scale) { Normal = true, Probability = probability, Width = width, Low = low, High = high };
        Run(values, law, key, stream, 0);
    }

    /// <summary>How a random number u in (0, 1) becomes a value.</summary>
    private readonly record struct Law(double Offset, double Scale)
    {
        public bool Normal { get; init; }

        public double Probability { get; init; } = 0;

        public double Width { get; init; } = 1;

        public double Low { get; init; } = double.NegativeInfinity;

        public double High { get; init; } = double.PositiveInfinity;

        public double Limit(double value) => value < Low ? Low : value > High ? High : value;
    }

    private static void Run<T>(Span<T> values, Law law, ulong key, ulong stream, long first)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pointer = values)
        {
            SampleTasks<T> work = new(pointer, values.Length, law, key, stream, (ulong)first);
            int tasks = (values.Length + ChunkLength - 1) / ChunkLength;
            if (values.Length >= ChunkLength * 4)
            {
                Workers.Run(ref work, tasks);
                return;
            }
            for (int task = 0; task < tasks; task++)
            {
                work.Run(task);
            }
        }
    }

    /// <summary>One chunk per task.</summary>
    private readonly struct SampleTasks<T>(T* values, int length, Law law, ulong key, ulong stream, ulong first) : IParallelWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run(int task)
        {
            int from = task * ChunkLength, count = Math.Min(ChunkLength, length - from);
            ulong element = first + (ulong)from;
            ulong* words = stackalloc ulong[ChunkLength + 2];
            Philox.Fill(words, count / 2 + 1, element / 2, stream, key);
            words += element % 2;
            double* numbers = stackalloc double[ChunkLength];
            for (int i = 0; i < count; i++)
            {
                numbers[i] = law.Normal
                    ? Math.Max(double.Epsilon, law.Probability + law.Width * Open(words[i])) // there is no quantile at 0
                    : HalfOpen(words[i]);
            }
            if (law.Normal)
            {
                ElementLoop.Run<QuantileKernel, double>(new(numbers), count);
            }
            for (int i = 0; i < count; i++)
            {
                values[from + i] = T.CreateTruncating(law.Limit(law.Offset + law.Scale * numbers[i]));
            }
        }
    }

    /// <summary>p ← Φ⁻¹(p).</summary>
    internal readonly struct QuantileKernel(double* p) : IElementKernel<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, double> where TAccess : struct, ILaneAccess<L, double> =>
            memory.Store(NormalQuantile.Of(memory.Load(p + i)), p + i);
    }
}
