using System.Globalization;

namespace Engine.Tests;

/// <summary>The advice for large arrays.</summary>
internal sealed class HugePagesTests
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    /// <summary>Catches: advice for another range or none; the kernel says of each range of memory whether it was advised.</summary>
    [Test]
    public unsafe void A_large_array_is_advised_to_have_huge_pages()
    {
        const int bytes = 16 << 20;
        if (!File.Exists(Setting))
        {
            Assert.Pass($"this system has no {Setting}");
        }
        Buffer<float> buffer = new(bytes / sizeof(float), clear: false);
        ulong middle = (ulong)buffer.Pointer + (uint)(bytes / 2);
        string[] lines = File.ReadAllLines("/proc/self/smaps");
        int range = Array.FindIndex(lines, line => Contains(line, middle));
        GC.KeepAlive(buffer);
        string flags = lines.Skip(range).First(static line => line.StartsWith("VmFlags:", StringComparison.Ordinal));
        Assert.That(flags.Split(' '), Does.Contain("hg"));
    }

    /// <summary>Whether a line begins a range, as 7f0000000000-7f0000001000, that contains an address.</summary>
    private static bool Contains(string line, ulong address)
    {
        string[] ends = line.Split(' ')[0].Split('-');
        return ends.Length == 2 && ulong.TryParse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong begin)
            && ulong.TryParse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong end)
            && address >= begin && address < end;
    }
}
