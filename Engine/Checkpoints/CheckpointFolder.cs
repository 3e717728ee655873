using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// The checkpoints of a run in a folder, of which the last few are kept, and the best: files <c>checkpoint-000001200.safetensors</c> and
/// <c>best.safetensors</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CheckpointFolder<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Prefix = "checkpoint-", Extension = ".safetensors", BestPart = "best so far";

    private readonly Checkpoint<T> _checkpoint;
    private readonly int _keep;
    private readonly Improvement _improvement;

    /// <summary>Uses a folder, which is created if it is not there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="checkpoint">What is saved and loaded; the folder adds the best metric so far to it.</param>
    /// <param name="keep">The checkpoints that are kept, at least 1; the best is kept besides.</param>
    /// <param name="improvement">Whether smaller or larger metrics are better.</param>
    /// <exception cref="ArgumentOutOfRangeException">None would be kept.</exception>
    /// <exception cref="ArgumentException">The checkpoint belongs to another folder already.</exception>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public CheckpointFolder(string path, Checkpoint<T> checkpoint, int keep = 3, Improvement improvement = Improvement.Decrease)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (keep < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(keep), string.Create(CultureInfo.InvariantCulture, $"CheckpointFolder: got keep = {keep}, expected at least 1."));
        }
        checkpoint.Add(
            BestPart,
            () => Best.ToString("R", CultureInfo.InvariantCulture),
            text => Best = double.Parse(text, CultureInfo.InvariantCulture));
        (Path, _checkpoint, _keep, _improvement) = (Directory.CreateDirectory(path).FullName, checkpoint, keep, improvement);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The file of the best checkpoint, which is there once a metric was given.</summary>
    public string BestPath => System.IO.Path.Combine(Path, "best" + Extension);

    /// <summary>The best metric so far; NaN before the first.</summary>
    public double Best { get; private set; } = double.NaN;

    /// <summary>The steps of the checkpoints that are there, the oldest first.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<long> Steps => [.. Directory.EnumerateFiles(Path, $"{Prefix}*{Extension}").Select(StepOf).OfType<long>().Order()];

    /// <summary>
    /// Saves a checkpoint, and again as the best one if its metric is better than all before; then deletes the oldest beyond the number
    /// that is kept.
    /// </summary>
    /// <param name="step">The step, at least 0; a checkpoint of the same step is replaced.</param>
    /// <param name="metric">A number by which checkpoints are compared, or null; NaN is never the best.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">A file cannot be written or deleted.</exception>
    public string Save(long step, double? metric = null)
    {
        if (step < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(step), string.Create(CultureInfo.InvariantCulture, $"CheckpointFolder: got step {step}, expected at least 0."));
        }
        bool isBest = metric is { } value && !double.IsNaN(value)
            && (double.IsNaN(Best) || (_improvement == Improvement.Decrease ? value < Best : value > Best));
        Best = isBest ? metric!.Value : Best;
        string path = PathOf(step);
        _checkpoint.Save(path);
        if (isBest)
        {
            _checkpoint.Save(BestPath);
        }
        foreach (long old in Steps.SkipLast(_keep).Where(old => old != step))
        {
            File.Delete(PathOf(old));
        }
        return path;
    }

    /// <summary>
    /// Loads the newest checkpoint that can be read: one that is damaged is reported, and the one before is loaded.
    /// </summary>
    /// <returns>What was loaded; null if there is no checkpoint.</returns>
    /// <exception cref="MalformedFileException">There are checkpoints, and all are damaged; the error is that of the newest.</exception>
    /// <exception cref="ArgumentException">A checkpoint does not fit what it is loaded into; nothing has changed.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public CheckpointLoad? LoadNewest()
    {
        List<MalformedFileException> damaged = [];
        foreach (long step in Steps.Reverse())
        {
            try
            {
                _checkpoint.Load(PathOf(step));
                return new CheckpointLoad(step, PathOf(step), damaged);
            }
            catch (MalformedFileException exception)
            {
                damaged.Add(exception);
            }
        }
        return damaged.Count == 0 ? null : throw damaged[0];
    }

    /// <summary>Loads the best checkpoint.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="MalformedFileException">It is damaged; nothing has changed.</exception>
    /// <exception cref="ArgumentException">It does not fit what it is loaded into; nothing has changed.</exception>
    public void LoadBest() => _checkpoint.Load(BestPath);

    private string PathOf(long step) =>
        System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Extension}"));

    private static long? StepOf(string path)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        return long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
    }
}
