using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Engine;

/// <summary>
/// Writes a file whole or not at all: into a temporary file in the same directory, which is flushed to disk and then takes the place of
/// the old one. Whoever reads the path finds the old file or the new one, also after the process or the machine has stopped in between.
/// </summary>
internal static class AtomicFile
{
    /// <summary>
    /// Replaces or creates a file. If <paramref name="write"/> throws, the old file stays and the temporary one is removed.
    /// </summary>
    /// <param name="path">The path; where it is a symbolic link, the file that it points to is replaced.</param>
    /// <param name="write">Writes the content into a stream without a buffer, which can seek.</param>
    /// <param name="expectedLength">The bytes to reserve, so that a full disk shows at the beginning; 0 if they are not known.</param>
    public static void Write(string path, Action<Stream> write, long expectedLength = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileInfo file = new(path);
        string target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        using FileStream stream = Create(target, expectedLength);
        try
        {
            write(stream);
            // before the file is renamed: the name could reach the disk before the content
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(stream.Name, target, overwrite: true);
        }
        catch
        {
            stream.Dispose();
            File.Delete(stream.Name);
            throw;
        }
        FlushDirectory(Path.GetDirectoryName(target)!);
    }

    /// <summary>Creates a file beside the target under a name that nobody has, with the permissions of the target.</summary>
    private static FileStream Create(string target, long expectedLength)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            PreallocationSize = expectedLength,
        };
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            options.UnixCreateMode = File.GetUnixFileMode(target);
        }
        for (int number = 0; ; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{target}.{Environment.ProcessId}-{number}.tmp");
            try
            {
                return new FileStream(name, options);
            }
            catch (IOException) when (File.Exists(name))
            {
                // of another thread, or left by a process of the same number that was killed: the next one
            }
        }
    }

    /// <summary>
    /// Flushes the names in a directory to disk. Windows has no such call, and its file system writes names to its log by itself; a browser
    /// has no disk; a system that does not let the directory be opened is not asked further.
    /// </summary>
    private static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsBrowser())
        {
            return;
        }
        const int readOnly = 0; // O_RDONLY in POSIX; .NET itself refuses to open a directory
        using SafeFileHandle directory = new(Open([.. Encoding.UTF8.GetBytes(path), 0], readOnly), ownsHandle: true);
        if (!directory.IsInvalid)
        {
            RandomAccess.FlushToDisk(directory);
        }
    }

    /// <summary>POSIX's open.</summary>
    /// <param name="path">The path in UTF-8, with a 0 at its end.</param>
    /// <param name="flags">How it is opened.</param>
    /// <returns>A number of an open file, or −1.</returns>
    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);
}
