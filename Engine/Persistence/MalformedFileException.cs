using System.Globalization;

namespace Engine;

/// <summary>A file is not what its format demands: truncated, corrupt, in another format, or malicious.</summary>
public sealed class MalformedFileException : FormatException
{
    /// <summary>An error at a place in a file.</summary>
    /// <param name="path">The path of the file, or what stands for it where there is none.</param>
    /// <param name="offset">The byte of the file where the error is, from 0.</param>
    /// <param name="defect">The kind of error.</param>
    /// <param name="problem">What was found and what was expected: <c>got X, expected Y</c>.</param>
    /// <param name="inner">The error that was found in a part of the file, or null.</param>
    public MalformedFileException(string path, long offset, FileDefect defect, string problem, Exception? inner = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"{path}, byte {offset}: {problem}."), inner)
    {
        Path = path;
        Offset = offset;
        Defect = defect;
    }

    /// <summary>The path of the file, or what stands for it where there is none, such as <c>stream</c>.</summary>
    public string Path { get; }

    /// <summary>The byte of the file where the error is, from 0; in an archive, of the part that is named in the path.</summary>
    public long Offset { get; }

    /// <summary>The kind of error.</summary>
    public FileDefect Defect { get; }
}
