using System.Buffers;
using System.Globalization;

namespace Engine;

/// <summary>Files that consist of lines and are continued at their end.</summary>
internal static class LineFile
{
    private const int LongestValue = 64;

    /// <summary>Opens or creates a file, and cuts off a last line without an end, as a process that was killed leaves it.</summary>
    public static FileStream Open(string path, out bool isNew)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
        {
            Directory.CreateDirectory(directory);
        }
        FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            stream.SetLength(EndOfLastLine(stream));
            stream.Position = stream.Length;
            isNew = stream.Length == 0;
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Appends a value as text that no culture changes.</summary>
    public static void Add<TValue>(ArrayBufferWriter<byte> line, TValue value, ReadOnlySpan<char> format)
        where TValue : IUtf8SpanFormattable
    {
        value.TryFormat(line.GetSpan(LongestValue), out int written, format, CultureInfo.InvariantCulture);
        line.Advance(written);
    }

    private static long EndOfLastLine(FileStream stream)
    {
        byte[] block = new byte[4096];
        for (long end = stream.Length; end > 0;)
        {
            long start = Math.Max(0, end - block.Length);
            stream.Position = start;
            Span<byte> read = block.AsSpan(0, (int)(end - start));
            stream.ReadExactly(read);
            int last = read.LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                return start + last + 1;
            }
            end = start;
        }
        return 0;
    }
}
