using System.Numerics;

namespace Engine;

/// <summary>
/// One array in NumPy's format .npy: floats of 2, 4 and 8 bytes, integers of 1 to 8 and Booleans, of either byte order, in row-major
/// (C) or column-major (Fortran) order. Row-major ones are written, with the least significant byte first and the bytes of
/// <c>numpy.save</c>.
/// </summary>
public static class Npy
{
    /// <summary>Opens a file: reads and checks its header. The elements are read when they are asked for.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    /// <exception cref="MalformedFileException">The file is malformed, or its elements are of another type.</exception>
    public static NpyFile Open(string path) => NpyFile.Open(FileSource.Open(path));

    /// <summary>Opens what a stream holds from its position to its end.</summary>
    /// <param name="stream">A stream that can read and seek; the file uses it until it is disposed.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the file is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot read or seek.</exception>
    /// <exception cref="MalformedFileException">The content is malformed, or its elements are of another type.</exception>
    public static NpyFile Open(Stream stream, bool leaveOpen = false) => NpyFile.Open(new StreamSource(stream, leaveOpen));

    /// <summary>Reads the array of a file, converted as <see cref="NpyFile.Read"/> does.</summary>
    /// <param name="path">The path of the file.</param>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    /// <exception cref="MalformedFileException">The file is malformed, or its elements are of another type.</exception>
    /// <exception cref="NotSupportedException">The array has more dimensions or elements than a tensor can have.</exception>
    public static Tensor<T> Read<T>(string path) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using NpyFile file = Open(path);
        return file.Read<T>();
    }

    /// <summary>
    /// Writes a file, whole or not at all, as <see cref="Safetensors.Write(string, IEnumerable{KeyValuePair{string, TensorContent}},
    /// IReadOnlyDictionary{string, string}?)"/> does.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="content">The array; a tensor converts to it.</param>
    /// <exception cref="ArgumentException">NumPy does not have the type of the elements or the shape.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static void Write(string path, TensorContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        byte[] header = NpyHeader.Format(content);
        AtomicFile.Write(path, stream => Write(stream, header, content), header.Length + content.ByteLength);
    }

    /// <summary>Writes into a stream.</summary>
    /// <param name="stream">Where to, from its position on.</param>
    /// <param name="content">The array; a tensor converts to it.</param>
    /// <exception cref="ArgumentException">NumPy does not have the type of the elements or the shape.</exception>
    public static void Write(Stream stream, TensorContent content)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(content);
        Write(stream, NpyHeader.Format(content), content);
    }

    internal static void Write(Stream stream, byte[] header, TensorContent content)
    {
        stream.Write(header);
        content.WriteTo(stream);
    }
}
