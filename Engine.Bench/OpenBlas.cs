using System.Runtime.InteropServices;

namespace Engine.Bench;

/// <summary>OpenBLAS, the peer of the matrix product, where the machine has it.</summary>
internal sealed unsafe partial class OpenBlas
{
    private const int RowMajor = 101, Straight = 111, Transposed = 112;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemm;
    private readonly delegate* unmanaged<int, void> _setThreads;

    private OpenBlas(nint library)
    {
        _sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        _setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        var describe = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_config");
        Name = (Marshal.PtrToStringUTF8((nint)describe()) ?? "OpenBLAS").Trim();
    }

    /// <summary>Version and kernels, as the library reports them.</summary>
    public string Name { get; }

    public int Threads
    {
        set => _setThreads(value);
    }

    /// <summary>Loads the library, or returns null where there is none.</summary>
    public static OpenBlas? Find()
    {
        // set before it loads: versions older than the processor would choose slower kernels
        if (OperatingSystem.IsLinux() && System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
        {
            _ = SetEnvironment("OPENBLAS_CORETYPE", "SKYLAKEX", 0);
        }
        foreach (string name in (ReadOnlySpan<string>)["libopenblas.so.0", "libopenblas.dylib", "libopenblas.dll"])
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new OpenBlas(library);
            }
        }
        return null;
    }

    public void Multiply(float* a, bool transposeA, float* b, bool transposeB, float* c, int m, int n, int k) =>
        _sgemm(RowMajor, transposeA ? Transposed : Straight, transposeB ? Transposed : Straight, m, n, k,
            1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);

    // Environment.SetEnvironmentVariable does not reach what native code reads
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
