namespace Engine;

/// <summary>The trials of a study while it runs.</summary>
internal sealed class StudyRun : IDisposable
{
    private readonly Study _study;
    private readonly IReadOnlyList<Candidate> _candidates;
    private readonly Dictionary<string, TrialRun[]> _trials = new(StringComparer.Ordinal);
    private readonly StudyFile? _file;

    /// <summary>Begins a study, with what its file holds.</summary>
    public StudyRun(Study study, RandomKey key, IReadOnlyList<Candidate> candidates)
    {
        (_study, _candidates) = (study, candidates);
        _file = study.File is null ? null : new StudyFile(study.File);
        try
        {
            foreach (Candidate candidate in candidates)
            {
                _trials.Add(candidate.Name, [.. Enumerable.Range(0, study.Seeds).Select(
                    seed => Begin(candidate, new Trial(seed, key.Fold(seed))))]);
            }
        }
        catch
        {
            _file?.Dispose();
            throw;
        }
    }

    private TrialRun Begin(Candidate candidate, Trial trial) => new(candidate, trial, _file?.Find(candidate.Name, trial));

    /// <summary>Runs the trials of these candidates until each has made this many epochs, as far as it can.</summary>
    public void Advance(IEnumerable<Candidate> candidates, int epochs, CancellationToken cancellation)
    {
        TrialRun[] waiting = [.. candidates.SelectMany(candidate => _trials[candidate.Name]).Where(trial => trial.IsBefore(epochs))];
        int next = -1;
        Task[] workers = new Task[Math.Min(_study.Workers, waiting.Length)];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        Task.WhenAll(workers).GetAwaiter().GetResult();

        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < waiting.Length; i = Interlocked.Increment(ref next))
            {
                if (!cancellation.IsCancellationRequested)
                {
                    Advance(waiting[i], epochs, cancellation);
                }
            }
        }
    }

    /// <summary>Successive halving from the first number of epochs to all.</summary>
    public void Halve(IReadOnlyList<Candidate> candidates, int reduction, int firstEpochs, CancellationToken cancellation)
    {
        IReadOnlyList<Candidate> left = candidates;
        for (int epochs = firstEpochs; ; epochs = (int)Math.Min(_study.Epochs, (long)epochs * reduction))
        {
            Advance(left, epochs, cancellation);
            if (epochs >= _study.Epochs || cancellation.IsCancellationRequested)
            {
                return;
            }
            Candidate[] best =
                [.. left.OrderBy(candidate => ResultOf(candidate, epochs, cancelled: false), new ByQuality(_study.Improvement))];
            left = best[..Math.Max(1, best.Length / reduction)];
            foreach (Candidate dropped in best.AsSpan(left.Count))
            {
                Array.ForEach(_trials[dropped.Name], static trial => trial.Dispose());
            }
        }
    }

    /// <summary>What was measured so far.</summary>
    public StudyResult ToResult(CancellationToken cancellation)
    {
        DisposeTrials();
        bool isCancelled = cancellation.IsCancellationRequested;
        CandidateResult[] results = [.. _candidates.Select(candidate => ResultOf(candidate, _study.Epochs, isCancelled))
            .Order(new ByQuality(_study.Improvement))];
        return new(results, !results.SelectMany(static result => result.Trials).Any(static t => t.Outcome == TrialOutcome.Cancelled));
    }

    public void Dispose()
    {
        DisposeTrials();
        _file?.Dispose();
    }

    /// <summary>Ends the trials, which can throw and so change what they came to.</summary>
    private void DisposeTrials()
    {
        foreach (TrialRun trial in _trials.Values.SelectMany(static trials => trials))
        {
            trial.Dispose();
        }
    }

    private void Advance(TrialRun trial, int epochs, CancellationToken cancellation)
    {
        trial.Advance(epochs, cancellation);
        if (!trial.IsBefore(epochs))
        {
            TrialResult result = trial.ToResult(_study.Epochs, cancelled: false);
            _file?.Add(result, trial.Trial.Key);
            _study.Progress?.Report(result);
        }
    }

    private CandidateResult ResultOf(Candidate candidate, int epochs, bool cancelled) =>
        new(candidate.Name, [.. _trials[candidate.Name].Select(trial => trial.ToResult(epochs, cancelled))], _study.Improvement);

    /// <summary>
    /// The best first: sound before broken, those that ran longer before those that were stopped, then by the mean. Equal ones stay in
    /// the order of the candidates, since the sorts of LINQ are stable.
    /// </summary>
    private sealed class ByQuality(Improvement improvement) : IComparer<CandidateResult>
    {
        public int Compare(CandidateResult? x, CandidateResult? y)
        {
            int broken = (x!.Broken > 0 || x.Final.Count == 0).CompareTo(y!.Broken > 0 || y.Final.Count == 0);
            if (broken != 0)
            {
                return broken;
            }
            int longer = y.Epochs.CompareTo(x.Epochs);
            int mean = x.Final.Mean.CompareTo(y.Final.Mean);
            return longer != 0 ? longer : improvement == Improvement.Decrease ? mean : -mean;
        }
    }
}
