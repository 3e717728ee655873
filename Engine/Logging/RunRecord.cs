namespace Engine;

/// <summary>What the event files of a run hold: its curves, texts and hyperparameters.</summary>
public sealed class RunRecord
{
    private readonly SortedDictionary<string, List<ScalarPoint>> _scalars = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<(long Step, HistogramSummary Summary)>> _histograms = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<(long Step, string Content)>> _texts = new(StringComparer.Ordinal);

    /// <summary>A symbolic link may lead back to where it stands.</summary>
    private static readonly EnumerationOptions s_allInside = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false,
    };

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
    public IReadOnlyDictionary<string, (long Step, HistogramSummary Summary)> Histograms { get; private set; } =
        new Dictionary<string, (long, HistogramSummary)>();

    /// <summary>The last text of each tag, and its step.</summary>
    public IReadOnlyDictionary<string, (long Step, string Content)> Texts { get; private set; } = new Dictionary<string, (long, string)>();

    /// <summary>The hyperparameters by name; none if none were logged.</summary>
    public IReadOnlyDictionary<string, HyperparameterValue> Hyperparameters { get; private set; } =
        new Dictionary<string, HyperparameterValue>();

    /// <summary>How the run ended, as far as the files say.</summary>
    public RunOutcome Outcome { get; private set; }

    /// <summary>The bytes at the end of the last file that are the beginning of a record, as while the run goes on.</summary>
    public long IncompleteBytes { get; private set; }

    /// <summary>
    /// Reads the event files of a directory in the order of their names. Where a file takes the run up again, what earlier files say about
    /// its first step and later ones, and how the run ended, is dropped, as TensorBoard does it.
    /// </summary>
    /// <param name="directory">The directory of the run.</param>
    /// <exception cref="ArgumentException">There are no event files.</exception>
    /// <exception cref="MalformedFileException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
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
            run.IncompleteBytes = 0;
            foreach (RunEvent one in EventFile.Read(file))
            {
                run.Add(one);
            }
        }
        (run.Histograms, run.Texts) = (Last(run._histograms), Last(run._texts));
        return run;
    }

    /// <summary>
    /// The directories with event files: this one and those inside, in ordinal order. Symbolic links inside are not followed.
    /// </summary>
    /// <param name="root">Where to look.</param>
    /// <exception cref="IOException">A directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static IReadOnlyList<string> Find(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        IEnumerable<string> inside = System.IO.Directory.EnumerateDirectories(root, "*", s_allInside).Order(StringComparer.Ordinal);
        return [.. inside.Prepend(root).Where(static directory => EventFilesOf(directory).Length > 0)];
    }

    private static string[] EventFilesOf(string directory) =>
        [.. System.IO.Directory.EnumerateFiles(directory).Where(EventFile.IsEventFile).Order(StringComparer.Ordinal)];

    private void Add(RunEvent one)
    {
        switch (one)
        {
            case RunEvent.Scalar scalar:
                Add(_scalars, scalar.Tag, new ScalarPoint(scalar.Step, scalar.WallTime, scalar.Value));
                break;
            case RunEvent.Histogram histogram:
                Add(_histograms, histogram.Tag, (histogram.Step, histogram.Summary));
                break;
            case RunEvent.Text text:
                Add(_texts, text.Tag, (text.Step, text.Content));
                break;
            case RunEvent.Hyperparameters hyperparameters:
                Hyperparameters = hyperparameters.Values;
                break;
            case RunEvent.Ended ended:
                Outcome = ended.Outcome;
                break;
            case RunEvent.SessionStart start:
                DropFrom(start.Step, _scalars, static point => point.Step);
                DropFrom(start.Step, _histograms, static histogram => histogram.Step);
                DropFrom(start.Step, _texts, static text => text.Step);
                Outcome = RunOutcome.Unknown;
                break;
            case RunEvent.IncompleteRecord unfinished:
                IncompleteBytes = unfinished.Bytes;
                break;
        }
    }

    private static void Add<TEntry>(SortedDictionary<string, List<TEntry>> log, string tag, TEntry entry)
    {
        if (!log.TryGetValue(tag, out List<TEntry>? entries))
        {
            entries = [];
            log.Add(tag, entries);
        }
        entries.Add(entry);
    }

    private static void DropFrom<TEntry>(long step, SortedDictionary<string, List<TEntry>> log, Func<TEntry, long> stepOf)
    {
        foreach ((string tag, List<TEntry> entries) in log.ToArray())
        {
            entries.RemoveAll(entry => stepOf(entry) >= step);
            if (entries.Count == 0)
            {
                log.Remove(tag);
            }
        }
    }

    private static SortedDictionary<string, TEntry> Last<TEntry>(SortedDictionary<string, List<TEntry>> log) =>
        new(log.ToDictionary(static pair => pair.Key, static pair => pair.Value[^1]), StringComparer.Ordinal);
}
