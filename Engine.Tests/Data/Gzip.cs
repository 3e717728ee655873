using System.IO.Compression;

namespace Engine.Tests.Data;

/// <summary>Compresses with gzip.</summary>
internal static class Gzip
{
    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(bytes);
        }
        return packed.ToArray();
    }
}
