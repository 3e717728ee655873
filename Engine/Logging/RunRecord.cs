namespace Engine;

/// <summary>What the event files of a run hold: its curves, texts and hyperparameters.</summary>
public sealed class RunRecord
{
    private readonly SortedDictionary<string, List<ScalarPoint>> _scalars = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Step, HistogramSummary Summary)> _histograms = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Step, string Content)> _texts = new(StringComparer.Ordinal);

    private RunRecord(string directory) => Directory = directory;

    /// <summary>The directory of the run.</summary>
    public string Directory { get; }

    /// <summary>The tags of the numbers, in ordinal order.</summary>
    public IReadOnlyCollection<string> Tags => _scalars.Keys;

    /// <summary>The numbers of a tag, in the order in which they were logged.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public IReadOnlyList<ScalarPoint> this[string tag] => _scalars.TryGetValue(tag, out List<ScalarPoint>? points)
        ? points
        : throw new ArgumentException(
            $"RunRecord: got the tag '{tag}', expected one of: {string.Join(", ", _scalars.Keys)}.", nameof(tag));

    /// <summary>The last histogram of each tag, and its step.</summary>
    public IReadOnlyDictionary<string, (long Step, HistogramSummary Summary)> Histograms => _histograms;

    /// <summary>The last text of each tag, and its step.</summary>
    public IReadOnlyDictionary<string, (long Step, string Content)> Texts => _texts;

    /// <summary>The hyperparameters by name; none if none were logged.</summary>
    public IReadOnlyDictionary<string, HyperparameterValue> Hyperparameters { get; private set; } =
        new Dictionary<string, HyperparameterValue>();

    /// <summary>How the run ended, as far as the files say.</summary>
    public RunOutcome Outcome { get; private set; }

    /// <summary>The bytes at the end of the last file that are the beginning of a record, as while the run goes on.</summary>
    public long UnfinishedBytes { get; private set; }

    /// <summary>
    /// Reads the event files of a directory in the order of their names. Where a file takes the run up again, what earlier files say about
    /// its first step and later ones is dropped, as TensorBoard does it.
    /// </summary>
    /// <param name="directory">The directory of the run.</param>
    /// <exception cref="ArgumentException">There are no event files.</exception>
    /// <exception cref="EventFileException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RunRecord Load(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string[] files = EventFilesOf(directory);
        if (files.Length == 0)
        {
            throw new ArgumentException($"RunRecord.Load: got '{directory}', expected a directory with event files.", nameof(directory));
        }
        RunRecord run = new(directory);
        foreach (string file in files)
        {
            run.UnfinishedBytes = 0;
            foreach (RunEvent one in EventFile.Read(file))
            {
                run.Add(one);
            }
        }
        return run;
    }

    /// <summary>The directories with event files: this one and those inside, in ordinal order.</summary>
    /// <param name="root">Where to look.</param>
    /// <exception cref="IOException">A directory cannot be read.</exception>
    public static IReadOnlyList<string> Find(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        IEnumerable<string> inside = System.IO.Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);
        return [.. inside.Prepend(root).Where(static directory => EventFilesOf(directory).Length > 0)];
    }

    private static string[] EventFilesOf(string directory) =>
        [.. System.IO.Directory.EnumerateFiles(directory).Where(EventFile.IsEventFile).Order(StringComparer.Ordinal)];

    private void Add(RunEvent one)
    {
        switch (one)
        {
            case RunEvent.Scalar scalar:
                if (!_scalars.TryGetValue(scalar.Tag, out List<ScalarPoint>? points))
                {
                    points = [];
                    _scalars.Add(scalar.Tag, points);
                }
                points.Add(new ScalarPoint(scalar.Step, scalar.WallTime, scalar.Value));
                break;
            case RunEvent.Histogram histogram:
                _histograms[histogram.Tag] = (histogram.Step, histogram.Summary);
                break;
            case RunEvent.Text text:
                _texts[text.Tag] = (text.Step, text.Content);
                break;
            case RunEvent.Hyperparameters hyperparameters:
                Hyperparameters = hyperparameters.Values;
                break;
            case RunEvent.Ended ended:
                Outcome = ended.Outcome;
                break;
            case RunEvent.SessionStart start:
                Drop(start.Step);
                break;
            case RunEvent.UnfinishedRecord unfinished:
                UnfinishedBytes = unfinished.Bytes;
                break;
        }
    }

    private void Drop(long step)
    {
        foreach ((string tag, List<ScalarPoint> points) in _scalars.ToArray())
        {
            points.RemoveAll(point => point.Step >= step);
            if (points.Count == 0)
            {
                _scalars.Remove(tag);
            }
        }
        foreach (string tag in _histograms.Where(pair => pair.Value.Step >= step).Select(static pair => pair.Key).ToArray())
        {
            _histograms.Remove(tag);
        }
    }
}
