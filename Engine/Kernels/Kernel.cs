using System.Numerics;
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

    /// <summary>Runs a kernel over from..to on the calling thread, in the widest lane of this machine.</summary>
    public static void RunHere<TKernel, T>(in TKernel kernel, int from, int to)
        where TKernel : struct, IKernel<T>, allows ref struct where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            kernel.Run<Wide512<T>>(from, to);
        }
        else if (Vector.IsHardwareAccelerated)
        {
            kernel.Run<Wide<T>>(from, to);
        }
        else
        {
            kernel.Run<Scalar<T>>(from, to);
        }
    }

    /// <summary>Runs a kernel over 0..length, a long range on all threads.</summary>
    public static void Run<TKernel, T>(TKernel kernel, int length)
        where TKernel : unmanaged, IKernel<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Run<TKernel, T>(kernel, length, length < ParallelThreshold ? length : ChunkSize);

    /// <summary>Runs a kernel over 0..length in chunks of the given size: for kernels over rows, columns or blocks.</summary>
    public static void Run<TKernel, T>(TKernel kernel, int length, int chunk)
        where TKernel : unmanaged, IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (length <= chunk)
        {
            RunHere<TKernel, T>(kernel, 0, length);
            return;
        }
        Chunks<TKernel, T> chunks = new(kernel, length, chunk);
        Workers.Run(ref chunks, (length - 1) / chunk + 1);
    }

    /// <summary>
    /// The number of rows of <paramref name="width"/> elements in a chunk: all <paramref name="rows"/> if that is little work.
    /// </summary>
    public static int RowsPerChunk(int rows, int width) =>
        (long)rows * width < ParallelThreshold ? Math.Max(1, rows) : Math.Max(1, ChunkSize / width);

    private readonly struct Chunks<TKernel, T>(TKernel kernel, int length, int chunk) : IParallelWork
        where TKernel : unmanaged, IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly TKernel _kernel = kernel;

        public void Run(int task) => RunHere<TKernel, T>(_kernel, task * chunk, task * chunk + Math.Min(chunk, length - task * chunk));
    }
}
