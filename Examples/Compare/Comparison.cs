using System.Globalization;
using Engine;

namespace Examples.Compare;

/// <summary>A comparison of update rules and learning rates over seeds.</summary>
/// <param name="Rows">The candidates, the best first.</param>
/// <param name="IsComplete">Whether the comparison was not cancelled.</param>
internal sealed record Comparison(IReadOnlyList<CompareRow> Rows, bool IsComplete)
{
    /// <summary>Runs it.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="progress">Receives each trial when it has run; null for nobody.</param>
    /// <param name="cancellation">Ends it after the epochs that are running.</param>
    /// <exception cref="InvalidDataException">The file is not one of a study.</exception>
    public static Comparison Run(CompareSettings settings, IProgress<TrialResult>? progress, CancellationToken cancellation)
    {
        Dataset<float> data = settings.Data.Load();
        RandomKey key = RandomKey.FromSeed(settings.Seed);
        Study study = new(key)
        {
            Seeds = settings.Seeds,
            Epochs = settings.Epochs,
            Workers = settings.Workers,
            Improvement = Improvement.Increase,
            File = settings.Study,
            Progress = progress,
        };
        SearchSpace space = Space(settings);
        Dictionary<string, CompareCandidate> known = new(StringComparer.Ordinal);
        StudyResult result = settings.Search switch
        {
            SearchMethod.Grid => study.Run([.. space.Grid(settings.Points).Select(Register)], cancellation),
            SearchMethod.Random => study.Run([.. Enumerable.Range(0, settings.Candidates).Select(Sample)], cancellation),
            SearchMethod.Halving => study.SuccessiveHalving(
                [.. space.Grid(settings.Points).Select(Register)], cancellation: cancellation),
            _ => study.Hyperband(Sample, cancellation: cancellation),
        };
        return new([.. result.Candidates.Select(candidate => new CompareRow(known[candidate.Name], candidate))], result.IsComplete);

        Candidate Sample(int index) => Register(space.Sample(key.Fold("search"), index));

        Candidate Register(Configuration configuration)
        {
            double rate = settings.Rates.Range is null
                ? settings.Rates.Values[int.Parse(configuration.Text("rate"), CultureInfo.InvariantCulture)]
                : configuration.Number("rate");
            CompareCandidate candidate = new(configuration.Text("rule"), rate);
            known.Add(candidate.NameIn(settings), candidate);
            return new Candidate(candidate.NameIn(settings), trial => candidate.Train(data, trial));
        }
    }

    private static SearchSpace Space(CompareSettings settings)
    {
        SearchSpace rules = new SearchSpace().Choice("rule", settings.Rules);
        return settings.Rates.Range is { } range
            ? rules.LogUniform("rate", range.Low, range.High)
            : rules.Choice("rate", [.. Enumerable.Range(0, settings.Rates.Values.Count).Select(i => FormattableString.Invariant($"{i}"))]);
    }
}
