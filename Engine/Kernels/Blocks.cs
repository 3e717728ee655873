using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Kernels;

/// <summary>A loop over elements from..to of its vectors, generic over the lane that runs it.</summary>
internal interface ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Runs over the elements from <paramref name="from"/> up to but not including <paramref name="to"/>.</summary>
    void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>;
}

/// <summary>Runs a loop: chooses the lane, and cuts long vectors into blocks with fixed borders for the worker threads.</summary>
internal static class Blocks
{
    /// <summary>Elements in one part: small enough for the first-level cache of a core, and below the size from which TensorPrimitives writes past the caches.</summary>
    public const int Size = 8192;

    /// <summary>Below this many elements the hand-off to a worker costs more than it saves.</summary>
    public const int Parallel = 4 * Size;

    /// <summary>Runs the whole loop in the widest lane that the machine has.</summary>
    public static void Run<TLoop, T>(TLoop loop, int length) where TLoop : unmanaged, ILoop<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Run<TLoop, T>(loop, length, length < Parallel ? length : Size);

    /// <summary>Runs the whole loop in the widest lane that the machine has, in parts of <paramref name="size"/>: for loops whose step is more than one element.</summary>
    public static void Run<TLoop, T>(TLoop loop, int length, int size) where TLoop : unmanaged, ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<TLoop, Wide512<T>, T>(loop, length, size);
        }
        else if (Vector.IsHardwareAccelerated)
        {
            Run<TLoop, Wide<T>, T>(loop, length, size);
        }
        else
        {
            Run<TLoop, Scalar<T>, T>(loop, length, size);
        }
    }

    /// <summary>Runs the whole loop in lane <typeparamref name="L"/>.</summary>
    public static void Run<TLoop, L, T>(TLoop loop, int length)
        where TLoop : unmanaged, ILoop<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Run<TLoop, L, T>(loop, length, length < Parallel ? length : Size);

    /// <summary>Runs the whole loop in lane <typeparamref name="L"/>, in parts of <paramref name="size"/>.</summary>
    public static void Run<TLoop, L, T>(TLoop loop, int length, int size)
        where TLoop : unmanaged, ILoop<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (length <= size)
        {
            loop.Run<L>(0, length);
            return;
        }
        Parts<TLoop, L, T> parts = new(loop, length, size);
        Workers.Run(ref parts, (length + size - 1) / size);
    }

    /// <summary>How many lines of <paramref name="width"/> elements one part of a loop over <paramref name="lines"/> takes: all, if that is little work.</summary>
    public static int LinesPerPart(int lines, int width) => (long)lines * width < Parallel ? Math.Max(1, lines) : Math.Max(1, Size / width);

    private readonly struct Parts<TLoop, L, T>(TLoop loop, int length, int size) : IParts
        where TLoop : unmanaged, ILoop<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly TLoop _loop = loop;

        public void Run(int part) => _loop.Run<L>(part * size, Math.Min(length, (part + 1) * size));
    }

    /// <summary>Reads the last <paramref name="count"/> elements of a vector into a full lane, zeros behind them, so that a tail goes through the arithmetic of the body.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe L LoadTail<L, T>(T* source, int count) where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* buffer = stackalloc T[L.Count];
        new Span<T>(source, count).CopyTo(new Span<T>(buffer, L.Count));
        new Span<T>(buffer + count, L.Count - count).Clear();
        return L.Load(buffer);
    }

    /// <summary>Writes the first <paramref name="count"/> elements of a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreTail<L, T>(L value, T* destination, int count) where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* buffer = stackalloc T[L.Count];
        L.Store(value, buffer);
        new Span<T>(buffer, count).CopyTo(new Span<T>(destination, count));
    }
}
