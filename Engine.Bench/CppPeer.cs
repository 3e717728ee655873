using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine.Bench;

/// <summary>C++ peers, compiled on the machine that runs them.</summary>
internal static class CppPeer
{
    /// <summary>Compiles Peers/<paramref name="source"/> to a shared library with all the machine has, and loads it.</summary>
    /// <exception cref="InvalidOperationException">There is no g++, or it fails.</exception>
    public static nint Load(string source, bool fastMath)
    {
        string library = Path.Combine(Path.GetTempPath(), $"engine-{Path.GetFileNameWithoutExtension(source)}-{Environment.ProcessId}.so");
        // without these gcc does not vectorize a square root
        string arithmetic = fastMath ? "-ffast-math" : "-fno-math-errno -fno-trapping-math";
        string command = $"-O3 -march=native -mprefer-vector-width=512 {arithmetic} -fopenmp -shared -fPIC "
            + $"\"{Path.Combine(Folder(), "Peers", source)}\" -o \"{library}\"";
        using Process compiler = Process.Start(new ProcessStartInfo("g++", command))
            ?? throw new InvalidOperationException("g++ could not be started (Debian: apt-get install g++).");
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
        {
            throw new InvalidOperationException($"g++ {command} failed with code {compiler.ExitCode}.");
        }
        Console.WriteLine($"Peer: g++ {command.Replace(Folder(), "Engine.Bench", StringComparison.Ordinal)}");
        nint handle = NativeLibrary.Load(library);
        File.Delete(library);
        return handle;
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
