using System.Globalization;
using System.Text;

namespace Engine;

/// <summary>
/// A checkpoint as a file: safetensors, with a JSON object for each part in the metadata, and a checksum of everything, so that a bit that
/// has changed on the disk is found.
/// </summary>
internal static class CheckpointFile
{
    /// <summary>The name under which the checksum is in the metadata, which no part may have.</summary>
    public const string ChecksumName = "checksum";

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<CheckpointPart> parts)
    {
        Dictionary<string, TensorContent> tensors = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (CheckpointPart part in parts)
        {
            CheckpointWriter writer = new(part.Name, tensors);
            part.Write(writer);
            metadata.Add(part.Name, writer.Values.ToJsonString());
        }
        Write(path, tensors, metadata);
    }

    /// <summary>Writes tensors and the texts of parts, with their checksum.</summary>
    internal static void Write(string path, Dictionary<string, TensorContent> tensors, Dictionary<string, string> metadata)
    {
        ChecksumStream checksum = new();
        foreach ((string name, TensorContent content) in tensors.OrderBy(static tensor => tensor.Key, StringComparer.Ordinal))
        {
            checksum.Write(Encoding.UTF8.GetBytes(name));
            content.WriteTo(checksum);
        }
        metadata.Add(ChecksumName, Finish(checksum, metadata));
        Safetensors.Write(path, tensors, metadata);
    }

    /// <summary>Opens a file, and compares its checksum.</summary>
    /// <exception cref="MalformedFileException">The file is malformed, no checkpoint, or damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafetensorsFile file = Safetensors.Open(path);
        try
        {
            if (!file.Metadata.TryGetValue(ChecksumName, out string? expected))
            {
                throw new MalformedFileException(
                    path, 0, FileDefect.WrongFormat, "got a file of tensors without a checksum, expected a checkpoint");
            }
            string actual = Checksum(file);
            return actual == expected ? file : throw new MalformedFileException(
                path, 0, FileDefect.ChecksumMismatch, $"got content with the checksum {actual}, expected {expected}");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Checksum(SafetensorsFile file)
    {
        ChecksumStream checksum = new();
        byte[] chunk = new byte[1 << 20];
        foreach (StoredTensor stored in file.Tensors.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal))
        {
            checksum.Write(Encoding.UTF8.GetBytes(stored.Name));
            for (long done = 0; done < stored.ByteLength;)
            {
                Span<byte> part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, stored.ByteLength - done));
                file.ReadRaw(stored.Offset + done, part);
                checksum.Write(part);
                done += part.Length;
            }
        }
        return Finish(checksum, file.Metadata);
    }

    private static string Finish(ChecksumStream checksum, IReadOnlyDictionary<string, string> metadata)
    {
        foreach ((string name, string text) in metadata.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            if (name != ChecksumName)
            {
                checksum.Write(Encoding.UTF8.GetBytes(name));
                checksum.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        return checksum.Checksum.ToString("x8", CultureInfo.InvariantCulture);
    }
}
