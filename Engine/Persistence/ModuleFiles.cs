using System.Numerics;

namespace Engine;

/// <summary>Saves the values of a model, and loads them.</summary>
public static class ModuleFiles
{
    extension<T>(Module<T> model) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// Saves parameters, buffers and counters as a safetensors file, under the names that they have in this model, which are PyTorch's;
        /// counters as <see cref="DataType.Int64"/>. The file is written whole or not at all, straight from the memory of the model.
        /// </summary>
        /// <param name="path">The path of the file.</param>
        /// <param name="metadata">Texts to be saved with them, or null.</param>
        /// <exception cref="ArgumentException">A text cannot be written in UTF-8.</exception>
        /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
        /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
        public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) =>
            Safetensors.Write(path, Contents(model), metadata);

        /// <summary>Saves parameters, buffers and counters in the format safetensors into a stream.</summary>
        /// <param name="stream">Where to, from its position on.</param>
        /// <param name="metadata">Texts to be saved with them, or null.</param>
        /// <exception cref="ArgumentException">A text cannot be written in UTF-8.</exception>
        public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
            Safetensors.Write(stream, Contents(model), metadata);

        /// <summary>Loads parameters, buffers and counters from a safetensors file, as the overload for an open file does.</summary>
        /// <param name="path">The path of the file.</param>
        /// <param name="rename">The model's name for a name in the file, for those that differ; null if none do.</param>
        /// <param name="match">Whether names that only one of them has are refused or listed.</param>
        /// <exception cref="IOException">The file cannot be read; nothing is changed.</exception>
        /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
        /// <exception cref="MalformedFileException">The file is malformed; nothing is changed.</exception>
        /// <exception cref="ArgumentException">The file does not fit; nothing is changed.</exception>
        public LoadReport Load(string path, Func<string, string>? rename = null, NameMatch match = NameMatch.Strict)
        {
            using SafetensorsFile file = Safetensors.Open(path);
            return model.Load(file, rename, match);
        }

        /// <summary>
        /// Loads parameters, buffers and counters from a safetensors file, straight into the memory of the model. As in PyTorch, numbers of
        /// another type are converted: float from <see cref="DataType.Float64"/> is rounded to the nearest, and both types are loaded from
        /// <see cref="DataType.Float16"/> and <see cref="DataType.BFloat16"/> exactly. A counter that the file lacks keeps its number and
        /// is listed, but never refused: PyTorch has none for dropout, where it determines the masks here.
        /// </summary>
        /// <param name="file">The file.</param>
        /// <param name="rename">
        /// The model's name for a name in the file, for those that differ; null if none do. For example
        /// <c>name => name.Replace("encoder.", "0.")</c>, or <c>name => map.GetValueOrDefault(name, name)</c>.
        /// </param>
        /// <param name="match">
        /// Whether names that only one of them has are refused (<see cref="NameMatch.Strict"/>) or listed; shapes and types that do not
        /// fit are always refused.
        /// </param>
        /// <returns>The names that only one of them has.</returns>
        /// <exception cref="ArgumentException">
        /// The file does not fit, and the message lists every difference; nothing is changed.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException"><paramref name="match"/> is neither of the two.</exception>
        /// <exception cref="MalformedFileException">
        /// The file has become shorter since it was opened; a part of the values may have been read.
        /// </exception>
        public LoadReport Load(SafetensorsFile file, Func<string, string>? rename = null, NameMatch match = NameMatch.Strict)
        {
            ArgumentNullException.ThrowIfNull(file);
            if (!Enum.IsDefined(match))
            {
                throw new ArgumentOutOfRangeException(nameof(match), $"Load: got the match {match}, expected Strict or Partial.");
            }
            return new ModuleLoading<T>(model, file, rename ?? (static name => name)).Load(match);
        }
    }

    private static IEnumerable<KeyValuePair<string, TensorContent>> Contents<T>(Module<T> model)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return
        [
            .. model.Parameters.Select(parameter =>
                KeyValuePair.Create(model.NameInside(parameter.Name), TensorContent.Of(parameter.Value))),
            .. model.Buffers.Select(buffer => KeyValuePair.Create(model.NameInside(buffer.Name), TensorContent.Of(buffer.Value))),
            .. model.Counters.Select(counter => KeyValuePair.Create(
                model.NameInside(counter.Name), TensorContent.From<long>((long[])[counter.Value]))),
        ];
    }
}
