using System.Buffers.Binary;

namespace Engine.Tests.Examples;

/// <summary>A small set of images in the files of MNIST: class c is a bright bar in rows 2c + 4 and 2c + 5, among noise.</summary>
internal static class MnistFiles
{
    private const int Rows = 24, Columns = 8, Classes = 10;

    /// <summary>Writes the four files; those of the test images compressed.</summary>
    public static void Write(string folder, int train, int test)
    {
        RandomKey key = RandomKey.FromSeed(7);
        File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"), Images(train, key.Fold("train")));
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), Labels(train));
        File.WriteAllBytes(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"), Data.Gzip.Pack(Images(test, key.Fold("test"))));
        File.WriteAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"), Data.Gzip.Pack(Labels(test)));
    }

    private static byte[] Images(int count, RandomKey key)
    {
        byte[] pixels = new byte[count * Rows * Columns];
        for (int i = 0; i < pixels.Length; i++)
        {
            int row = i / Columns % Rows, bar = 2 * (i / (Rows * Columns) % Classes) + 4;
            pixels[i] = (byte)((row == bar || row == bar + 1 ? 150 : 0) + 100 * key.Uniform(i));
        }
        return [.. Header(count, Rows, Columns), .. pixels];
    }

    private static byte[] Labels(int count) => [.. Header(count), .. Enumerable.Range(0, count).Select(i => (byte)(i % Classes))];

    private static byte[] Header(params int[] extents)
    {
        byte[] header = new byte[4 + 4 * extents.Length];
        (header[2], header[3]) = (8, (byte)extents.Length);
        for (int i = 0; i < extents.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), extents[i]);
        }
        return header;
    }
}
