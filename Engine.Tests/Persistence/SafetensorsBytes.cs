using System.Buffers.Binary;
using System.Text;

namespace Engine.Tests.Persistence;

/// <summary>Files put together byte by byte, and files in memory.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A length, a header and data.</summary>
    public static byte[] Of(string header, int dataLength = 0) => Of(Encoding.UTF8.GetBytes(header), dataLength);

    /// <summary>A length, a header that may be no text, and data.</summary>
    public static byte[] Of(ReadOnlySpan<byte> header, int dataLength = 0) => WithLength((ulong)header.Length, header, dataLength);

    /// <summary>A length that may be false, a header and data.</summary>
    public static byte[] WithLength(ulong length, ReadOnlySpan<byte> header, int dataLength = 0)
    {
        byte[] file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        header.CopyTo(file.AsSpan(8));
        return file;
    }

    /// <summary>Opens a file in memory.</summary>
    public static SafetensorsFile Open(byte[] file) => Safetensors.Open(new MemoryStream(file));

    /// <summary>The bytes that are written for some tensors.</summary>
    public static byte[] Written(
        IEnumerable<KeyValuePair<string, TensorContent>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using MemoryStream stream = new();
        Safetensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    /// <summary>The content of a file, ready to be written again.</summary>
    public static Dictionary<string, TensorContent> Contents(SafetensorsFile file) => file.Tensors.ToDictionary(
        static tensor => tensor.Name,
        tensor => TensorContent.FromBytes(tensor.Type, Bytes(file, tensor.Name), [.. tensor.Shape]));

    /// <summary>The bytes of a tensor.</summary>
    public static byte[] Bytes(SafetensorsFile file, string name)
    {
        byte[] bytes = new byte[file[name].ByteLength];
        file.ReadBytes(name, bytes);
        return bytes;
    }
}
