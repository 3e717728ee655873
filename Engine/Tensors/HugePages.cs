using System.Runtime.InteropServices;

namespace Engine;

/// <summary>
/// Asks Linux to back large arrays with pages of 2 MiB, which it does by itself only where its setting is <c>always</c>. A step over arrays
/// of 100 MB touches 25,000 pages of 4 KiB each, more than a processor keeps translations of, and its prefetcher stops at the end of
/// each.
/// </summary>
internal static class HugePages
{
    private const nint Size = 2 << 20;

    /// <summary>MADV_HUGEPAGE of Linux.</summary>
    private const int UseHugePages = 14;

    /// <summary>
    /// Gives the advice for the whole pages of 2 MiB in a range of memory, best before it is first written. It is a hint: where it is not
    /// taken, as by kernels without such pages, nothing changes but the speed.
    /// </summary>
    public static unsafe void Advise(void* memory, nint length)
    {
        nint begin = ((nint)memory + Size - 1) & -Size, end = ((nint)memory + length) & -Size;
        if (begin < end && OperatingSystem.IsLinux())
        {
            _ = Advise(begin, end - begin, UseHugePages);
        }
    }

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint address, nint length, int advice);
}
