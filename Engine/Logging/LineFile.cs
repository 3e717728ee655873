using System.Buffers;
using System.Globalization;

namespace Engine;

/// <summary>Files that consist of lines and are continued at their end.</summary>
internal static class LineFile
{
    private const int LongestValue = 64;

    /// <summary>Opens or creates a file, and cuts off a last record without an end, as a process that was killed leaves it.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="beginning">How every such file begins.</param>
    /// <param name="isQuoted">Whether a line feed between quotation marks does not end a record, as in CSV.</param>
    /// <param name="isNew">Whether the file is empty.</param>
    /// <exception cref="IOException">The file begins otherwise: it is left as it is.</exception>
    public static FileStream Open(string path, ReadOnlySpan<byte> beginning, bool isQuoted, out bool isNew)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
        {
            Directory.CreateDirectory(directory);
        }
        FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            CheckBeginning(stream, beginning);
            stream.SetLength(isQuoted ? EndOfLastRecord(stream) : EndOfLastLine(stream));
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

    private static void CheckBeginning(FileStream stream, ReadOnlySpan<byte> beginning)
    {
        Span<byte> read = stackalloc byte[beginning.Length];
        int length = stream.ReadAtLeast(read, read.Length, throwOnEndOfStream: false);
        if (!beginning.StartsWith(read[..length]))
        {
            throw new IOException($"RunLog: got the file {stream.Name}, which is not a log, expected one or a new file.");
        }
    }

    private static long EndOfLastRecord(FileStream stream)
    {
        byte[] block = new byte[1 << 16];
        stream.Position = 0;
        long end = 0, position = 0;
        bool isInside = false;
        for (int read = stream.Read(block); read > 0; read = stream.Read(block))
        {
            for (int i = 0; i < read; i++)
            {
                position++;
                isInside ^= block[i] == (byte)'"';
                end = block[i] == (byte)'\n' && !isInside ? position : end;
            }
        }
        return end;
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
