using System.Buffers.Binary;
using System.IO.Compression;
using Engine.Formats;

namespace Engine.Tests.Logging;

/// <summary>Pictures as PNG, decoded by the specification.</summary>
public sealed class PngTests
{
    /// <summary>Catches: a wrong color type, order of pixels, filter byte, checksum or length of a chunk.</summary>
    [TestCase(1, 1, 1)]
    [TestCase(7, 3, 1)]
    [TestCase(5, 4, 2)]
    [TestCase(3, 9, 3)]
    [TestCase(64, 64, 4)]
    public void The_pixels_come_back(int width, int height, int channels)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height * channels).Select(static i => (byte)(i * 37 + i / 256))];
        var decoded = Decode(Png.Encode(width, height, channels, pixels));
        Assert.That((decoded.Width, decoded.Height, decoded.Channels), Is.EqualTo((width, height, channels)));
        Assert.That(decoded.Pixels, Is.EqualTo(pixels));
    }

    /// <summary>Catches: channels that are not interleaved, rounding that is off by one, values outside 0 to 1 that wrap around.</summary>
    [Test]
    public void A_tensor_becomes_a_picture()
    {
        LogImage gray = LogImage.From(Tensor<double>.From([0, 1, 0.5, -3, 7, double.NaN], [2, 3]));
        Assert.That((gray.Width, gray.Height, gray.Channels), Is.EqualTo((3, 2, 1)));
        Assert.That(gray.Pixels.ToArray(), Is.EqualTo(new byte[] { 0, 255, 128, 0, 255, 0 }));
        LogImage color = LogImage.From(Tensor<float>.From([0, 1, 0.2f, 0.4f, 0.6f, 0.8f], [3, 1, 2]));
        Assert.That(color.Pixels.ToArray(), Is.EqualTo(new byte[] { 0, 51, 153, 255, 102, 204 }));
    }

    /// <summary>Catches: a picture that cannot be, taken for one.</summary>
    [Test]
    public void What_is_no_picture_is_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => new LogImage(0, 1, 1, []),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got 0×1, expected at least 1×1"));
            Assert.That(
                () => new LogImage(1, 1, 5, new byte[5]),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got 5 channels, expected 1 to 4"));
            Assert.That(
                () => new LogImage(2, 2, 3, new byte[11]), Throws.ArgumentException.With.Message.Contains("got 11 bytes, expected 12"));
            Assert.That(() => LogImage.From(Tensor<float>.Zeros([5, 2, 2])), Throws.ArgumentException.With.Message.Contains("[5, 2, 2]"));
            Assert.That(() => LogImage.From(Tensor<float>.Zeros([4])), Throws.ArgumentException);
            Assert.That(() => LogImage.From(default(Tensor<float>)), Throws.ArgumentException.With.Message.Contains("the default tensor"));
        });
    }

    /// <summary>Reads a PNG of 8 bits a channel, with any filters.</summary>
    internal static (int Width, int Height, int Channels, byte[] Pixels) Decode(byte[] file)
    {
        Assert.That(file[..8], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
        using MemoryStream compressed = new();
        byte[] header = [];
        List<string> types = [];
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlySpan<byte> type = file.AsSpan(at + 4, 4), data = file.AsSpan(at + 8, length);
            uint written = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length));
            Assert.That(written, Is.EqualTo(Checksum(file.AsSpan(at + 4, 4 + length))));
            types.Add(System.Text.Encoding.ASCII.GetString(type));
            if (types[^1] == "IHDR")
            {
                header = data.ToArray();
            }
            else if (types[^1] == "IDAT")
            {
                compressed.Write(data);
            }
            at += 12 + length;
        }
        Assert.That((types[0], types[^1]), Is.EqualTo(("IHDR", "IEND")));
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        int channels = header[9] switch { 0 => 1, 4 => 2, 2 => 3, _ => 4 };
        Assert.That((header[8], header[10], header[11], header[12]), Is.EqualTo((8, 0, 0, 0)));
        compressed.Position = 0;
        using ZLibStream zlib = new(compressed, CompressionMode.Decompress);
        using MemoryStream raw = new();
        zlib.CopyTo(raw);
        return (width, height, channels, Unfilter(raw.ToArray(), width * channels, height, channels));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        Crc32 checksum = default;
        checksum.Append(bytes);
        return checksum.Value;
    }

    private static byte[] Unfilter(byte[] raw, int stride, int height, int channels)
    {
        Assert.That(raw, Has.Length.EqualTo((stride + 1) * height));
        byte[] pixels = new byte[stride * height];
        for (int row = 0; row < height; row++)
        {
            for (int i = 0; i < stride; i++)
            {
                int left = i >= channels ? pixels[row * stride + i - channels] : 0, up = row > 0 ? pixels[(row - 1) * stride + i] : 0;
                int corner = row > 0 && i >= channels ? pixels[(row - 1) * stride + i - channels] : 0;
                int nearest = left + up - corner;
                int toLeft = Math.Abs(nearest - left), toUp = Math.Abs(nearest - up), toCorner = Math.Abs(nearest - corner);
                int paeth = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
                int predicted = raw[row * (stride + 1)] switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => paeth };
                pixels[row * stride + i] = (byte)(raw[row * (stride + 1) + 1 + i] + predicted);
            }
        }
        return pixels;
    }
}
