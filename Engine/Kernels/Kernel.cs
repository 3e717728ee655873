using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Kernels;

/// <summary>Runs a kernel: chooses the lane, and divides a long range into chunks for the worker threads.</summary>
/// <remarks>
/// The words of this folder, one meaning each:
/// <list type="table">
/// <item><term>kernel</term><description>the loop body over a range of elements, rows, columns or blocks, generic over the
/// lane</description></item>
/// <item><term>chunk</term><description>the part of a kernel's range that one task computes; where chunks end changes no bit of the
/// result</description></item>
/// <item><term>task</term><description>a numbered unit of work that <see cref="Workers"/> hands to a thread</description></item>
/// <item><term>block</term><description>a fixed range whose sum is computed on its own: blocks define the order of summation, and so the
/// bits</description></item>
/// <item><term>tail</term><description>the last elements of a range, which do not fill a lane</description></item>
/// </list>
/// </remarks>
internal static class Kernel
{
    /// <summary>
    /// The elements in a chunk: small enough for the L1 cache, and below the size from which TensorPrimitives uses non-temporal stores.
    /// </summary>
    public const int ChunkSize = 8192;

    /// <summary>Below this many elements, the hand-off to a worker costs more than it saves.</summary>
    public const int ParallelThreshold = 4 * ChunkSize;

    /// <summary>Runs a kernel over 0..length in the widest lane of this machine.</summary>
    public static void Run<TKernel, T>(TKernel kernel, int length)
        where TKernel : unmanaged, IKernel<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Run<TKernel, T>(kernel, length, length < ParallelThreshold ? length : ChunkSize);

    /// <summary>
    /// Runs a kernel over 0..length in the widest lane of this machine, in chunks of the given size: for kernels over rows, columns or
    /// blocks.
    /// </summary>
    public static void Run<TKernel, T>(TKernel kernel, int length, int chunk)
        where TKernel : unmanaged, IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<TKernel, Wide512<T>, T>(kernel, length, chunk);
        }
        else if (Vector.IsHardwareAccelerated)
        {
            Run<TKernel, Wide<T>, T>(kernel, length, chunk);
        }
        else
        {
            Run<TKernel, Scalar<T>, T>(kernel, length, chunk);
        }
    }

    /// <summary>Runs a kernel over 0..length in lane <typeparamref name="L"/>.</summary>
    public static void Run<TKernel, L, T>(TKernel kernel, int length)
        where TKernel : unmanaged, IKernel<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Run<TKernel, L, T>(kernel, length, length < ParallelThreshold ? length : ChunkSize);

    /// <summary>Runs a kernel over 0..length in lane <typeparamref name="L"/>, in chunks of the given size.</summary>
    public static void Run<TKernel, L, T>(TKernel kernel, int length, int chunk)
        where TKernel : unmanaged, IKernel<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (length <= chunk)
        {
            kernel.Run<L>(0, length);
            return;
        }
        Chunks<TKernel, L, T> chunks = new(kernel, length, chunk);
        Workers.Run(ref chunks, (length + chunk - 1) / chunk);
    }

    /// <summary>
    /// The number of rows of <paramref name="width"/> elements in a chunk: all <paramref name="rows"/> if that is little work.
    /// </summary>
    public static int RowsPerChunk(int rows, int width) =>
        (long)rows * width < ParallelThreshold ? Math.Max(1, rows) : Math.Max(1, ChunkSize / width);

    private readonly struct Chunks<TKernel, L, T>(TKernel kernel, int length, int chunk) : IParallelWork
        where TKernel : unmanaged, IKernel<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly TKernel _kernel = kernel;

        public void Run(int task) => _kernel.Run<L>(task * chunk, Math.Min(length, (task + 1) * chunk));
    }

    /// <summary>
    /// Loads the last <paramref name="count"/> elements of a vector into a lane, followed by zeros, so that a tail goes through the same
    /// arithmetic as the body.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe L LoadTail<L, T>(T* source, int count)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* buffer = stackalloc T[L.Count];
        new Span<T>(source, count).CopyTo(new Span<T>(buffer, L.Count));
        new Span<T>(buffer + count, L.Count - count).Clear();
        return L.Load(buffer);
    }

    /// <summary>Stores the first <paramref name="count"/> elements of a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreTail<L, T>(L value, T* destination, int count)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* buffer = stackalloc T[L.Count];
        L.Store(value, buffer);
        new Span<T>(buffer, count).CopyTo(new Span<T>(destination, count));
    }
}
