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
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public CheckpointFolder(string path, Checkpoint<T> checkpoint, int keep = 3, Improvement improvement = Improvement.Decrease)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (keep < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(keep), string.Create(CultureInfo.InvariantCulture, $"CheckpointFolder: got keep = {keep}, expected at least 1."));
        }
        checkpoint.Add(BestPart, () => Best, number => Best = number);
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
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public IReadOnlyList<long> Steps => [.. Directory.EnumerateFiles(Path, $"{Prefix}*{Extension}").Select(StepOf).OfType<long>().Order()];

    /// <summary>
    /// Saves a checkpoint, and before that as the best one if its metric is better than all before; then deletes the oldest beyond the
    /// number that is kept, those of later steps, which a run has left that went back to an earlier checkpoint, and what killed processes
    /// have left. One run uses a folder at a time.
    /// </summary>
    /// <param name="step">The step, at least 0; a checkpoint of the same step is replaced.</param>
    /// <param name="metric">A number by which checkpoints are compared, or null; NaN is never the best.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">A file cannot be written or deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public string Save(long step, double? metric = null)
    {
        if (step < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(step), string.Create(CultureInfo.InvariantCulture, $"CheckpointFolder: got step {step}, expected at least 0."));
        }
        bool isBest = metric is { } value && !double.IsNaN(value)
            && (double.IsNaN(Best) || (_improvement == Improvement.Decrease ? value < Best : value > Best));
        string path = PathOf(step);
        double before = Best;
        Best = isBest ? metric!.Value : Best;
        try
        {
            // the best one first: a process that stops in between must not remember a metric whose checkpoint is not there
            if (isBest)
            {
                _checkpoint.Save(BestPath);
            }
            before = Best;
            _checkpoint.Save(path);
        }
        catch
        {
            Best = before;
            throw;
        }
        // later ones are of a run that was abandoned when an earlier checkpoint was loaded
        foreach (long other in Steps.Where(other => other > step).Concat(Steps.Where(other => other <= step).SkipLast(_keep)))
        {
            File.Delete(PathOf(other));
        }
        foreach (string left in Directory.EnumerateFiles(Path, $"{Prefix}*{Extension}.*.tmp"))
        {
            File.Delete(left); // of a process that was killed while it wrote
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
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
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

    private string PathOf(long step) => System.IO.Path.Combine(Path, FileNameOf(step));

    private static string FileNameOf(long step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Extension}");

    /// <summary>The step in a file's name; null where it is not a name that this class gives.</summary>
    private static long? StepOf(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        ReadOnlySpan<char> digits = name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Extension.Length);
        bool isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long step);
        return isNumber && name == FileNameOf(step) ? step : null;
    }
}
