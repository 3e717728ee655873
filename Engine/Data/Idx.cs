using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Reads files in the IDX format of the MNIST images and labels (Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten
/// digits), plain or compressed with gzip, which the content tells. Whatever is wrong with a file is an
/// <see cref="InvalidDataException"/> that names the file and the byte, counted from 0 after decompression.
/// </summary>
public static class Idx
{
    /// <summary>Reads a file of numbers of any type of the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="divisor">What each number is divided by, such as 255 for pixels from 0 to 1.</param>
    /// <returns>A tensor of the shape that the file says, such as [images, rows, columns].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The divisor is 0 or not finite.</exception>
    /// <exception cref="InvalidDataException">
    /// The file does not begin as the format wants, has more dimensions or elements than a tensor, ends before its last element or goes on
    /// after it, or has a number that is not finite; or the compressed data are damaged.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static Tensor<T> Read<T>(string path, double divisor = 1) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using DataStream stream = DataStream.Open(nameof(Idx), path);
        return Elements<T>(stream, divisor);
    }

    /// <summary>Reads a stream of numbers of any type of the format, from where it is to its end; it stays open.</summary>
    /// <param name="stream">The bytes of a file.</param>
    /// <param name="divisor">What each number is divided by, such as 255 for pixels from 0 to 1.</param>
    /// <param name="name">What the stream is called in messages.</param>
    /// <returns>A tensor of the shape that the file says.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The divisor is 0 or not finite.</exception>
    /// <exception cref="InvalidDataException">The content is not as described; see <see cref="Read{T}(string, double)"/>.</exception>
    public static Tensor<T> Read<T>(Stream stream, double divisor = 1, string name = "stream")
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using DataStream data = DataStream.Over(nameof(Idx), stream, name);
        return Elements<T>(data, divisor);
    }

    /// <summary>Reads a file of labels: whole numbers from 0 on, in one dimension.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">
    /// The file is not as <see cref="Read{T}(string, double)"/> wants it, has another number of dimensions or numbers that are not whole,
    /// or a negative one.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static int[] ReadLabels(string path)
    {
        using DataStream stream = DataStream.Open(nameof(Idx), path);
        return IdxContent.Read(stream).ToLabels();
    }

    /// <summary>Reads a stream of labels, from where it is to its end; it stays open.</summary>
    /// <param name="stream">The bytes of a file.</param>
    /// <param name="name">What the stream is called in messages.</param>
    /// <exception cref="InvalidDataException">The content is not as described; see <see cref="ReadLabels(string)"/>.</exception>
    public static int[] ReadLabels(Stream stream, string name = "stream")
    {
        using DataStream data = DataStream.Over(nameof(Idx), stream, name);
        return IdxContent.Read(data).ToLabels();
    }

    /// <summary>Reads a file of inputs and the file of their labels.</summary>
    /// <param name="inputsPath">The file of the inputs, such as images.</param>
    /// <param name="labelsPath">The file of the labels.</param>
    /// <param name="divisor">What each number of the inputs is divided by, such as 255 for pixels from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The divisor is 0 or not finite.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is not as described at <see cref="Read{T}(string, double)"/> and <see cref="ReadLabels(string)"/>, or they are not of as
    /// many examples, at least one.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static Dataset<T> ReadDataset<T>(string inputsPath, string labelsPath, double divisor = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> inputs = Read<T>(inputsPath, divisor);
        int[] labels = ReadLabels(labelsPath);
        return inputs.Shape.Rank > 0 && inputs.Length > 0 && inputs.Shape[0] == labels.Length
            ? new Dataset<T>(inputs, labels)
            : throw new InvalidDataException(
                $"Idx: got inputs of shape {inputs.Shape} in {Path.GetFileName(inputsPath)} and {labels.Length} labels in "
                    + $"{Path.GetFileName(labelsPath)}, expected a label for each of at least one example.");
    }

    private static Tensor<T> Elements<T>(DataStream stream, double divisor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        return double.IsFinite(divisor) && T.CreateTruncating(divisor) != T.Zero
            ? IdxContent.Read(stream).ToTensor(T.CreateTruncating(divisor))
            : throw new ArgumentOutOfRangeException(
                nameof(divisor),
                string.Create(CultureInfo.InvariantCulture, $"Idx: got divisor = {divisor}, expected a finite number other than 0."));
    }
}
