namespace Engine;

/// <summary>
/// Several arrays in NumPy's format .npz: a zip archive of .npy files. Archives of <c>numpy.savez</c> and of
/// <c>numpy.savez_compressed</c> are read. What is written is not compressed, and has the bytes of <c>numpy.savez</c>: those that a
/// compressor writes differ from one version of it to the next.
/// </summary>
public static class Npz
{
    /// <summary>Opens a file: reads the list of its arrays. An array is read when it is asked for.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    /// <exception cref="MalformedFileException">The archive is damaged, or has a file that is not .npy, or two of one name.</exception>
    public static NpzFile Open(string path) => FileSource.IsWithoutBytes(path)
        ? throw new MalformedFileException(path, 0, FileDefect.InvalidArchive, "got no bytes, expected a zip archive")
        : NpzFile.Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), path, leaveOpen: false);

    /// <summary>Opens an archive in a stream.</summary>
    /// <param name="stream">A stream that can read and seek, with nothing but the archive; the file uses it until it is disposed.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the file is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot read or seek.</exception>
    /// <exception cref="MalformedFileException">The archive is damaged, or has a file that is not .npy, or two of one name.</exception>
    public static NpzFile Open(Stream stream, bool leaveOpen = false)
    {
        StreamSource.CheckCanSeek(stream);
        return NpzFile.Open(stream, "stream", leaveOpen);
    }

    /// <summary>Writes a file, whole or not at all, as <see cref="Npy.Write(string, TensorContent)"/> does.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="arrays">The arrays by name, in the order in which they are to stand in the archive.</param>
    /// <exception cref="ArgumentException">
    /// NumPy does not have the type of an array's elements or its shape, or a name occurs twice or cannot be written in UTF-8.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, TensorContent>> arrays)
    {
        ZipWriter writer = Prepare(arrays);
        AtomicFile.Write(path, writer.WriteTo);
    }

    /// <summary>Writes into a stream, which need not be able to seek.</summary>
    /// <param name="stream">Where to, from its position on.</param>
    /// <param name="arrays">The arrays by name, in the order in which they are to stand in the archive.</param>
    /// <exception cref="ArgumentException">
    /// NumPy does not have the type of an array's elements or its shape, or a name occurs twice or cannot be written in UTF-8.
    /// </exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, TensorContent>> arrays)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Prepare(arrays).WriteTo(stream);
    }

    private static ZipWriter Prepare(IEnumerable<KeyValuePair<string, TensorContent>> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        ZipWriter writer = new();
        foreach ((string name, TensorContent content) in arrays)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(arrays));
            ArgumentNullException.ThrowIfNull(content, $"arrays['{name}']");
            byte[] header = NpyHeader.Format(content);
            writer.Add($"{name}.npy", stream => Npy.Write(stream, header, content));
        }
        return writer;
    }
}
