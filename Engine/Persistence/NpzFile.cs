using System.IO.Compression;
using System.Numerics;

namespace Engine;

/// <summary>
/// An open .npz archive. Each array is read, and its checksum compared, when it is asked for; one thread reads at a time.
/// </summary>
public sealed class NpzFile : IDisposable
{
    private const string Suffix = ".npy";

    private readonly ZipArchive _archive;
    private readonly string _path;
    private readonly long _length;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private bool _isDisposed;

    private NpzFile(ZipArchive archive, string path, long length)
    {
        _archive = archive;
        _path = path;
        _length = length;
        List<string> names = [];
        _entries = [];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Suffix, StringComparison.Ordinal))
            {
                throw Fail(FileDefect.InvalidArchive, $"got the file '{entry.FullName}', expected none but {Suffix}");
            }
            string name = entry.FullName[..^Suffix.Length];
            if (!_entries.TryAdd(name, entry))
            {
                throw Fail(FileDefect.DuplicateName, $"got the file '{entry.FullName}' twice, expected it once");
            }
            names.Add(name);
        }
        Names = names;
    }

    /// <summary>The names of the arrays, in the order of the archive.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens one array, of which then the type and the shape are known. Dispose it before the archive.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="MalformedFileException">It is damaged, or of a type that cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The archive is closed; the array's file says the same when it is read later.</exception>
    public NpyFile Open(string name)
    {
        ThrowIfDisposed();
        ZipArchiveEntry entry = _entries.GetValueOrDefault(name) ?? throw new KeyNotFoundException(
            $"{_path}: got the name '{name}', expected one of the arrays in the archive: {string.Join(", ", Names.Take(5))}"
                + $"{(Names.Count > 5 ? ", …" : ".")}");
        return NpyFile.Open(ZipEntrySource.Open(this, entry, $"{_path}/{name}{Suffix}", _length));
    }

    /// <summary>Reads an array, converted as <see cref="NpyFile.Read"/> does.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="MalformedFileException">It is damaged, or of a type that cannot be read.</exception>
    /// <exception cref="NotSupportedException">It has more dimensions or elements than a tensor can have.</exception>
    public Tensor<T> Read<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using NpyFile file = Open(name);
        return file.Read<T>();
    }

    /// <summary>Closes the file, or the stream if it was not to be left open.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _archive.Dispose();
    }

    /// <summary>Throws if the archive is closed.</summary>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    internal static NpzFile Open(Stream stream, string path, bool leaveOpen)
    {
        ZipArchive? archive = null;
        try
        {
            archive = new(stream, ZipArchiveMode.Read, leaveOpen);
            return new(archive, path, stream.Length);
        }
        catch (Exception error)
        {
            archive?.Dispose();
            if (!leaveOpen)
            {
                stream.Dispose();
            }
            if (ZipEntrySource.IsOfArchive(error))
            {
                throw new MalformedFileException(
                    path, 0, FileDefect.InvalidArchive, "got bytes that are no zip archive or a damaged one, expected a zip archive",
                        error);
            }
            throw;
        }
    }

    private MalformedFileException Fail(FileDefect defect, string problem) => new(_path, 0, defect, problem);
}
