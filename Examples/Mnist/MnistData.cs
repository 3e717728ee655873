using Engine;

namespace Examples.Mnist;

/// <summary>The four files of the MNIST images and labels, plain or compressed with gzip.</summary>
internal static class MnistData
{
    /// <summary>The value of a pixel that is all ink.</summary>
    private const double Ink = 255;

    /// <summary>Reads the training and the test images: inputs of [n, rows, columns], each pixel from 0 to 1.</summary>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not in the format, or the files do not fit together.</exception>
    public static DatasetSplit<float> Load(string folder)
    {
        Dataset<float> train = Read(folder, "train"), test = Read(folder, "t10k");
        return train.Inputs.Shape.Rank == 3 && test.Inputs.Shape.Extents[1..].SequenceEqual(train.Inputs.Shape.Extents[1..])
            && test.ClassCount <= train.ClassCount
            ? new DatasetSplit<float>(train, test)
            : throw new InvalidDataException(
                $"MNIST: got {train} for training and {test} for the test, expected images of one size and the same classes.");
    }

    private static Dataset<float> Read(string folder, string part) => Idx.ReadDataset<float>(
        Find(folder, $"{part}-images-idx3-ubyte"), Find(folder, $"{part}-labels-idx1-ubyte"), Ink);

    private static string Find(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path
            : File.Exists($"{path}.gz") ? $"{path}.gz"
            : throw new FileNotFoundException($"MNIST: got no file '{path}', expected one, or '{name}.gz' beside it.", path);
    }
}
