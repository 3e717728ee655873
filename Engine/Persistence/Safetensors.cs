using System.Buffers.Binary;
using System.Text;

namespace Engine;

/// <summary>
/// Files in the format safetensors (github.com/huggingface/safetensors): a length, a header in JSON, and the elements of all tensors one
/// after the other. What is written is canonical: the same content gives the same bytes, whatever the order in which it was given, and
/// they are those of the format's own writer, which leaves open only the order of the metadata; here they are sorted.
/// </summary>
public static class Safetensors
{
    /// <summary>The largest number of bytes of a header.</summary>
    public const int MaxHeaderLength = 100_000_000;

    private const string MetadataName = "__metadata__";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Opens a file: reads and checks its header. The tensors are read when they are asked for.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    /// <exception cref="MalformedFileException">The file is malformed.</exception>
    public static SafetensorsFile Open(string path) => SafetensorsFile.Open(FileSource.Open(path));

    /// <summary>Opens what a stream holds from its position to its end.</summary>
    /// <param name="stream">A stream that can read and seek; the file uses it until it is disposed.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the file is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot read or seek.</exception>
    /// <exception cref="MalformedFileException">The content is malformed.</exception>
    public static SafetensorsFile Open(Stream stream, bool leaveOpen = false) =>
        SafetensorsFile.Open(new StreamSource(stream, leaveOpen));

    /// <summary>
    /// Writes a file, whole or not at all: it is written under another name in the same directory, flushed to disk, and takes the place of
    /// the old one.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="tensors">The tensors by name, in any order.</param>
    /// <param name="metadata">Texts to be saved with them, or null.</param>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, is <c>__metadata__</c>, or cannot be written in UTF-8; or the header would be longer than
    /// <see cref="MaxHeaderLength"/>.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, TensorContent>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        (byte[] header, TensorContent[] contents) = Prepare(tensors, metadata);
        AtomicFile.Write(path, stream =>
            Write(stream, header, contents), header.Length + contents.Sum(static content => content.ByteLength));
    }

    /// <summary>Writes into a stream.</summary>
    /// <param name="stream">Where to, from its position on.</param>
    /// <param name="tensors">The tensors by name, in any order.</param>
    /// <param name="metadata">Texts to be saved with them, or null.</param>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, is <c>__metadata__</c>, or cannot be written in UTF-8; or the header would be longer than
    /// <see cref="MaxHeaderLength"/>.
    /// </exception>
    public static void Write(
        Stream stream,
        IEnumerable<KeyValuePair<string, TensorContent>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (byte[] header, TensorContent[] contents) = Prepare(tensors, metadata);
        Write(stream, header, contents);
    }

    private static void Write(Stream stream, byte[] header, TensorContent[] contents)
    {
        stream.Write(header);
        foreach (TensorContent content in contents)
        {
            content.WriteTo(stream);
        }
    }

    /// <summary>The length with the header, and the tensors in the order of their data.</summary>
    private static (byte[] Header, TensorContent[] Contents) Prepare(
        IEnumerable<KeyValuePair<string, TensorContent>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        List<(byte[] Name, TensorContent Content)> sorted = [];
        HashSet<string> names = [MetadataName];
        foreach ((string name, TensorContent content) in tensors)
        {
            ArgumentNullException.ThrowIfNull(content, $"tensors['{name}']");
            if (!names.Add(name))
            {
                throw new ArgumentException(
                    name == MetadataName
                        ? $"Write: got a tensor with the name '{MetadataName}', expected another: it is that of the metadata."
                        : $"Write: got two tensors with the name '{name}', expected different names.",
                    nameof(tensors));
            }
            sorted.Add((Encode(name, nameof(tensors)), content));
        }
        // the largest alignment first, so that each tensor stands at a multiple of its elements' size; the names by their bytes
        sorted.Sort(static (a, b) =>
            a.Content.Type != b.Content.Type ? b.Content.Type.CompareTo(a.Content.Type) : a.Name.AsSpan().SequenceCompareTo(b.Name));
        byte[] header = Header(sorted, metadata);
        int length = header.Length - SafetensorsHeader.Start;
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        return length <= MaxHeaderLength
            ? (header, [.. sorted.Select(static tensor => tensor.Content)])
            : throw new ArgumentException(
                FormattableString.Invariant(
                    $"Write: got tensors that need a header of {length} bytes, expected at most {MaxHeaderLength}."),
                nameof(tensors));
    }

    private static byte[] Header(List<(byte[] Name, TensorContent Content)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream text = new();
        text.Write(new byte[SafetensorsHeader.Start]);
        text.WriteByte((byte)'{');
        string separator = "";
        if (metadata is not null)
        {
            WriteMetadata(text, metadata);
            separator = ",";
        }
        long begin = 0;
        foreach ((byte[] name, TensorContent content) in tensors)
        {
            Ascii(text, separator);
            WriteText(text, name);
            long end = checked(begin + content.ByteLength);
            string shape = string.Join(',', content.Shape.Select(static extent => FormattableString.Invariant($"{extent}")));
            Ascii(text, FormattableString.Invariant(
                $$""":{"dtype":"{{SafetensorsTypes.NameOf(content.Type)}}","shape":[{{shape}}],"data_offsets":[{{begin}},{{end}}]}"""));
            begin = end;
            separator = ",";
        }
        text.WriteByte((byte)'}');
        while (text.Length % 8 != 0)
        {
            text.WriteByte((byte)' ');
        }
        return text.ToArray();
    }

    private static void WriteMetadata(MemoryStream text, IReadOnlyDictionary<string, string> metadata)
    {
        List<(byte[] Key, byte[] Value)> sorted = [];
        foreach ((string key, string value) in metadata)
        {
            ArgumentNullException.ThrowIfNull(value, $"metadata['{key}']");
            sorted.Add((Encode(key, nameof(metadata)), Encode(value, nameof(metadata))));
        }
        sorted.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        WriteText(text, Encoding.ASCII.GetBytes(MetadataName));
        text.WriteByte((byte)':');
        text.WriteByte((byte)'{');
        for (int i = 0; i < sorted.Count; i++)
        {
            Ascii(text, i == 0 ? "" : ",");
            WriteText(text, sorted[i].Key);
            text.WriteByte((byte)':');
            WriteText(text, sorted[i].Value);
        }
        text.WriteByte((byte)'}');
    }

    /// <summary>A text in quotes, with the escapes of the format's own writer and no others: the bytes would differ.</summary>
    private static void WriteText(MemoryStream stream, byte[] text)
    {
        stream.WriteByte((byte)'"');
        foreach (byte character in text)
        {
            string? escape = character switch
            {
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                (byte)'\b' => "\\b",
                (byte)'\f' => "\\f",
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                < 0x20 => FormattableString.Invariant($"\\u{character:x4}"),
                _ => null,
            };
            if (escape is null)
            {
                stream.WriteByte(character);
            }
            else
            {
                Ascii(stream, escape);
            }
        }
        stream.WriteByte((byte)'"');
    }

    private static void Ascii(MemoryStream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));

    private static byte[] Encode(string text, string argument)
    {
        try
        {
            return s_utf8.GetBytes(text);
        }
        catch (EncoderFallbackException cause)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"Write: got half of a surrogate pair at {cause.Index} of '{text}', expected a text that can be written in UTF-8."),
                argument,
                cause);
        }
    }
}
