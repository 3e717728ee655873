using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Engine;

/// <summary>What a run's figures depend on: the machine and the versions.</summary>
public static class MachineDescription
{
    /// <summary>The machine and the versions of this process, a line <c>name: value</c> for each.</summary>
    public static string Current { get; } = Describe();

    private static string Describe()
    {
        string engine = typeof(MachineDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "unknown";
        string width = Vector512.IsHardwareAccelerated ? "512 bits"
            : Vector256.IsHardwareAccelerated ? "256 bits"
            : Vector128.IsHardwareAccelerated ? "128 bits" : "none";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Engine: {engine}\n.NET: {Environment.Version}\nSystem: {RuntimeInformation.OSDescription}\n"
                + $"Processor: {Processor()}\nThreads: {Environment.ProcessorCount}\nVectors: {width}");
    }

    /// <summary>The name that an x86 processor gives itself, or the architecture.</summary>
    private static string Processor()
    {
        const int extendedFunctions = unchecked((int)0x80000000), firstOfName = unchecked((int)0x80000002), parts = 3;
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(extendedFunctions, 0).Eax < unchecked((uint)(firstOfName + parts - 1)))
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
        StringBuilder name = new();
        for (int part = 0; part < parts; part++)
        {
            (int a, int b, int c, int d) = X86Base.CpuId(firstOfName + part, 0);
            foreach (int word in (ReadOnlySpan<int>)[a, b, c, d])
            {
                for (int shift = 0; shift < 32; shift += 8)
                {
                    char letter = (char)(word >> shift & 0xFF);
                    name.Append(letter is >= ' ' and <= '~' ? letter : ' ');
                }
            }
        }
        return name.ToString().Trim();
    }
}
