using System.Buffers.Binary;
using System.Text;

namespace Engine.Tests.Persistence;

/// <summary>.npy files put together byte by byte.</summary>
internal static class NpyBytes
{
    /// <summary>A file of version 1.0 to 3.0 with a header as it is given and data.</summary>
    public static byte[] Of(string header, byte[] data, int version = 1) => Of(Encoding.Latin1.GetBytes(header), data, version);

    /// <summary>A file of any version with a header that may be no text.</summary>
    public static byte[] Of(byte[] header, byte[] data, int version = 1)
    {
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)header.Length);
        }
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. header, .. data];
    }

    /// <summary>The usual header.</summary>
    public static string Header(string type, string shape, string isColumnMajor = "False") =>
        $"{{'descr': '{type}', 'fortran_order': {isColumnMajor}, 'shape': {shape}, }}\n";

    /// <summary>Opens a file in memory.</summary>
    public static NpyFile Open(byte[] file) => Npy.Open(new MemoryStream(file));

    /// <summary>The bytes that are written.</summary>
    public static byte[] Written(TensorContent content)
    {
        using MemoryStream stream = new();
        Npy.Write(stream, content);
        return stream.ToArray();
    }
}
