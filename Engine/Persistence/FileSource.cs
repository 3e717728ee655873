using Microsoft.Win32.SafeHandles;

namespace Engine;

/// <summary>A file, which any number of threads may read. Another file may take its name meanwhile: this one is still read.</summary>
internal sealed class FileSource : ByteSource
{
    private readonly SafeFileHandle? _handle;

    private FileSource(string path, SafeFileHandle? handle, long length) : base(path)
    {
        _handle = handle;
        Length = length;
    }

    public override long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">There is no such file, or the path is that of a directory.</exception>
    public static FileSource Open(string path)
    {
        if (IsWithoutBytes(path))
        {
            return new(path, null, 0);
        }
        SafeFileHandle handle = File.OpenHandle(path, share: FileShare.Read | FileShare.Delete);
        return new(path, handle, RandomAccess.GetLength(handle));
    }

    /// <summary>
    /// Whether a path is that of an empty file, or of a pipe or device, which the system gives the length 0: to open these may wait
    /// forever.
    /// </summary>
    /// <exception cref="IOException">There is no such file, or the path is that of a directory.</exception>
    public static bool IsWithoutBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path)
            ? throw new IOException($"Open: got the directory '{path}', expected a file.")
            : new FileInfo(path).Length == 0;
    }

    public override void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = _handle is null ? 0 : RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
            {
                throw EndedAt(offset);
            }
            destination = destination[read..];
            offset += read;
        }
    }

    public override void Dispose() => _handle?.Dispose();
}
