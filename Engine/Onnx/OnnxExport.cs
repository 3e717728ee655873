using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// The export of a trained model to ONNX, the format that other runtimes read (https://onnx.ai): one file with the operators and the
/// weights.
/// </summary>
/// <remarks>
/// The model is exported in evaluation mode and in single precision, with version 20 of ONNX's operators. The file has one input,
/// <c>input</c>, and one output, <c>output</c>; their first axis is the batch, whose extent is free. Parameters keep their names, from the
/// exported model on, and a node's name begins with its layer's. If the model begins with an <see cref="Embedding{T}"/> or a
/// <see cref="SparseEmbedding{T}"/>, alone or in a <see cref="Sequential{T}"/>, the input is of int64: the indices.
/// </remarks>
public static class OnnxExport
{
    /// <summary>The most bytes of parameters: 2 GB, where a file of protocol buffers ends, less what is left for names and nodes.</summary>
    private const long MaxBytes = int.MaxValue - (1 << 24);

    extension<T>(Layer<T> model) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Writes the model to a file, which is written whole or not at all.</summary>
        /// <param name="path">The file, which is replaced if it exists; usually its name ends in <c>.onnx</c>.</param>
        /// <param name="input">The shape of an input; the extent of its first axis, the batch, does not matter.</param>
        /// <exception cref="NotSupportedException">A layer cannot be exported; the message names it with its path in the model.</exception>
        /// <exception cref="ArgumentException">The shape is not one of a batch with elements, or a layer refuses it.</exception>
        /// <exception cref="IOException">The file cannot be written.</exception>
        /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
        public void ExportOnnx(string path, Shape input)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            byte[] bytes = model.ToOnnx(input);
            AtomicFile.Write(path, stream => stream.Write(bytes), bytes.Length);
        }

        /// <summary>The bytes of the file that <c>ExportOnnx</c> writes.</summary>
        /// <param name="input">The shape of an input; the extent of its first axis, the batch, does not matter.</param>
        /// <exception cref="NotSupportedException">A layer cannot be exported; the message names it with its path in the model.</exception>
        /// <exception cref="ArgumentException">The shape is not one of a batch with elements, or a layer refuses it.</exception>
        public byte[] ToOnnx(Shape input)
        {
            ArgumentNullException.ThrowIfNull(model);
            if (input.Rank == 0 || input.Length == 0)
            {
                throw new ArgumentException(
                    $"ExportOnnx: got an input of shape {input}, expected a batch axis and at least one element.", nameof(input));
            }
            long bytes = sizeof(float) * model.Parameters.Sum(static parameter => (long)parameter.Shape.Length);
            if (bytes > MaxBytes)
            {
                throw new NotSupportedException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"ExportOnnx: got parameters of {bytes} bytes, expected at most {MaxBytes}: a file of protocol "
                            + $"buffers ends at 2 GB."));
            }
            using (new EvaluationMode<T>(model))
            using (new Tape<T>().Evaluate())
            {
                return new OnnxLayers<T>(model).Export(input);
            }
        }
    }
}
