using System.Globalization;

namespace Engine;

/// <summary>
/// Compares candidates over seeds, several trials at a time. What it measures does not depend on the number of workers; a trial that
/// diverges or throws is a row of the result; and with a <see cref="File"/>, an interrupted study resumes where it left off.
/// </summary>
public sealed class Study
{
    private readonly RandomKey _key;

    /// <summary>Creates a study.</summary>
    /// <param name="key">The key of all trials.</param>
    public Study(RandomKey key) => _key = key;

    /// <summary>The seeds of each candidate; 3 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int Seeds { get; init => field = AtLeastOne(value, nameof(Seeds)); } = 3;

    /// <summary>The epochs of a whole trial; 10 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int Epochs { get; init => field = AtLeastOne(value, nameof(Epochs)); } = 10;

    /// <summary>Whether smaller or larger numbers are better.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public Improvement Improvement
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Improvement), FormattableString.Invariant($"Study: got {(int)value}, expected Decrease or Increase."));
    }

    /// <summary>The trials that run at the same time; as many as the machine has processors unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int Workers { get; init => field = AtLeastOne(value, nameof(Workers)); } = Environment.ProcessorCount;

    /// <summary>
    /// The file, in JSON lines, to which finished trials are added, and from which they are read instead of being run again; null for none.
    /// A file belongs to one study and is open to one at a time; delete it whenever a candidate changes.
    /// </summary>
    public string? File { get; init; }

    /// <summary>Receives each trial when it has run; null for nobody.</summary>
    public IProgress<TrialResult>? Progress { get; init; }

    /// <summary>Runs every trial for all epochs: the search over a grid, over random points, or over a list.</summary>
    /// <param name="candidates">The candidates, at least one, with different names.</param>
    /// <param name="cancellation">Ends the study after the epochs that are running; the result has what was measured.</param>
    /// <exception cref="ArgumentException">There are no candidates, or two have the same name.</exception>
    /// <exception cref="InvalidDataException">The file is not one of a study.</exception>
    public StudyResult Run(IReadOnlyList<Candidate> candidates, CancellationToken cancellation = default)
    {
        using StudyRun run = new(this, _key, Checked(candidates));
        run.Advance(candidates, Epochs, cancellation);
        return run.ToResult(cancellation);
    }

    /// <summary>
    /// Successive halving (Jamieson &amp; Talwalkar, Non-stochastic best arm identification and hyperparameter optimization, 2016): all
    /// candidates run for a few epochs, the best 1/η of them for η times as many, and so on; the last for all epochs.
    /// </summary>
    /// <param name="candidates">The candidates, at least one, with different names.</param>
    /// <param name="reduction">η ≥ 2.</param>
    /// <param name="firstEpochs">The epochs of the first round, from 1 to <see cref="Epochs"/>.</param>
    /// <param name="cancellation">Ends the study after the epochs that are running; the result has what was measured.</param>
    /// <exception cref="ArgumentException">There are no candidates, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">η is less than 2, or the first round is empty or longer than a trial.</exception>
    /// <exception cref="InvalidDataException">The file is not one of a study.</exception>
    public StudyResult SuccessiveHalving(
        IReadOnlyList<Candidate> candidates, int reduction = 3, int firstEpochs = 1, CancellationToken cancellation = default)
    {
        CheckReduction(reduction);
        if (firstEpochs < 1 || firstEpochs > Epochs)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstEpochs),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SuccessiveHalving: got a first round of {firstEpochs} epochs, expected 1 to {Epochs}."));
        }
        using StudyRun run = new(this, _key, Checked(candidates));
        run.Halve(candidates, reduction, firstEpochs, cancellation);
        return run.ToResult(cancellation);
    }

    /// <summary>
    /// Hyperband (Li et al., Hyperband: a novel bandit-based approach to hyperparameter optimization, 2018): successive halving several
    /// times, from many candidates with few epochs to few with all, so that no choice between the two has to be made.
    /// </summary>
    /// <param name="candidate">
    /// The i-th candidate, from 0, for example at <see cref="SearchSpace.Sample"/>; all have different names.
    /// </param>
    /// <param name="reduction">η ≥ 2.</param>
    /// <param name="cancellation">Ends the study after the epochs that are running; the result has what was measured.</param>
    /// <exception cref="ArgumentException">Two candidates have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">η is less than 2.</exception>
    /// <exception cref="OverflowException">There would be more than 2³¹ candidates.</exception>
    /// <exception cref="InvalidDataException">The file is not one of a study.</exception>
    public StudyResult Hyperband(Func<int, Candidate> candidate, int reduction = 3, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        CheckReduction(reduction);
        List<(Candidate[] Candidates, int FirstEpochs)> brackets = [];
        int drawn = 0;
        for (int rounds = Rounds(reduction); rounds >= 0; rounds--)
        {
            int power = 1;
            for (int i = 0; i < rounds; i++)
            {
                power *= reduction;
            }
            // n = ⌈(s_max + 1)/(s + 1)·ηˢ⌉ candidates, from R/ηˢ epochs each
            int count = checked((int)(((Rounds(reduction) + 1L) * power + rounds) / (rounds + 1)));
            brackets.Add(([.. Enumerable.Range(drawn, count).Select(candidate)], Epochs / power));
            drawn += count;
        }
        using StudyRun run = new(this, _key, Checked([.. brackets.SelectMany(static bracket => bracket.Candidates)]));
        foreach ((Candidate[] candidates, int firstEpochs) in brackets)
        {
            run.Halve(candidates, reduction, firstEpochs, cancellation);
        }
        return run.ToResult(cancellation);
    }

    /// <summary>s_max = ⌊log_η R⌋ for R epochs.</summary>
    private int Rounds(int reduction)
    {
        int rounds = 0;
        for (int left = Epochs / reduction; left > 0; left /= reduction)
        {
            rounds++;
        }
        return rounds;
    }

    private static IReadOnlyList<Candidate> Checked(IReadOnlyList<Candidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            throw new ArgumentException("Study: got no candidates, expected at least one.", nameof(candidates));
        }
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (Candidate candidate in candidates)
        {
            ArgumentNullException.ThrowIfNull(candidate, nameof(candidates));
            if (!names.Add(candidate.Name))
            {
                throw new ArgumentException(
                    $"Study: got the candidate '{candidate.Name}' twice, expected different names.", nameof(candidates));
            }
        }
        return candidates;
    }

    private static void CheckReduction(int reduction)
    {
        if (reduction < 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(reduction),
                string.Create(CultureInfo.InvariantCulture, $"Study: got a reduction by {reduction}, expected at least 2."));
        }
    }

    private static int AtLeastOne(int value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(
            name, string.Create(CultureInfo.InvariantCulture, $"Study: got {name} = {value}, expected at least 1."));
}
