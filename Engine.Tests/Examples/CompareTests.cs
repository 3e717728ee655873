using Examples;
using Examples.Compare;
using Spectre.Console;

namespace Engine.Tests.Examples;

/// <summary>The comparison of update rules over seeds.</summary>
public sealed class CompareTests
{
    private static readonly CompareSettings s_small = new()
    {
        Data = CompareData.All.Single(data => data.Name == "iris"),
        Rules = ["Sgd", "AdamW"],
        Rates = LearningRates.Parse(["0.01", "0.1"])!,
        Seeds = 2,
        Epochs = 4,
        Target = 0.5,
    };

    /// <summary>Catches: a candidate that is lost, a rate or a seed that is not used, results that depend on the workers.</summary>
    [Test]
    [Category("Slow")]
    public void A_grid_has_every_rule_with_every_rate_whatever_the_workers()
    {
        Comparison one = Comparison.Run(s_small with { Workers = 1 }, null, default);
        Comparison four = Comparison.Run(s_small with { Workers = 4 }, null, default);
        Assert.That(one.Rows.Select(row => row.Candidate.Label),
            Is.EquivalentTo(new[] { "Sgd 0.01", "Sgd 0.1", "AdamW 0.01", "AdamW 0.1" }));
        Assert.That(Values(four), Is.EqualTo(Values(one)));
        Assert.That(Values(one).Distinct().Count(), Is.EqualTo(8), "two seeds of four candidates");
        Assert.That(one.Rows.Select(row => row.Result.Final.Mean), Is.Ordered.Descending, "the best first");
        Assert.That(one.Rows[0].Result.Final.Mean, Is.GreaterThan(0.85));
        Assert.That(Values(Comparison.Run(s_small with { Seed = 2 }, null, default)), Is.Not.EqualTo(Values(one)));

        static string[] Values(Comparison comparison) =>
            [.. comparison.Rows.SelectMany(row => row.Result.Trials, (row, trial) => $"{row.Candidate} {string.Join(' ', trial.Values)}")];
    }

    [TestCase(nameof(SearchMethod.Random), 5)]
    [TestCase(nameof(SearchMethod.Halving), 8)]
    [TestCase(nameof(SearchMethod.Hyperband), 8)]
    [Category("Slow")]
    public void Every_search_trains_the_best_for_all_epochs(string method, int candidates)
    {
        SearchMethod search = Enum.Parse<SearchMethod>(method);
        CompareSettings settings = s_small with
        {
            Search = search,
            Rates = LearningRates.Parse(["0.001..1"])!,
            Points = 4,
            Candidates = 5,
            Epochs = 3,
            Seeds = 1,
        };
        Comparison comparison = Comparison.Run(settings, null, default);
        Assert.That(comparison.Rows, Has.Count.GreaterThanOrEqualTo(candidates - 3).And.Count.LessThanOrEqualTo(candidates));
        Assert.That(comparison.Rows.Select(row => row.Candidate.Rate), Is.All.InRange(0.001, 1.0000001));
        Assert.That(comparison.Rows[0].Result.Epochs, Is.EqualTo(3));
        Assert.That(comparison.Rows.Any(row => row.Result.Epochs < 3), Is.EqualTo(search != SearchMethod.Random), "some were stopped");
    }

    /// <summary>Catches: a trial that ends the program, one that counts as a result, and one whose reason is lost.</summary>
    [Test]
    [Category("Slow")]
    public void A_trial_that_diverges_or_throws_is_a_row()
    {
        using TemporaryDirectory folder = new();
        Command run = Command.Run(
            "compare", "--data", "iris", "--rule", "Sgd", "--rate", "1e30", "--rate", "0.1", "--epochs", "2", "--seeds", "2",
            "--output", folder["c.svg"]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Match(@"\| Sgd +\| 1E\+30 \|.*2 (diverged|failed)").And.Contain("Best: Sgd 0.1"));
        Assert.That(File.ReadAllText(folder["c.svg"]), Does.Contain("accuracy"));
    }

    /// <summary>Catches: trials that are run again, or that belong to other data or another seed.</summary>
    [Test]
    [Category("Slow")]
    public void A_study_goes_on_from_its_file()
    {
        using TemporaryDirectory folder = new();
        CompareSettings settings = s_small with { Study = folder["study.jsonl"] };
        using CancellationTokenSource cancellation = new();
        Comparison broken = Comparison.Run(
            settings with { Workers = 1 }, new Reported(result => cancellation.Cancel()), cancellation.Token);
        Assert.That(broken.IsComplete, Is.False);
        Assert.That(File.ReadAllLines(folder["study.jsonl"]), Has.Length.EqualTo(1));
        int run = 0;
        Comparison whole = Comparison.Run(settings, new Reported(_ => Interlocked.Increment(ref run)), default);
        Assert.That(run, Is.EqualTo(7), "one of eight was done");
        Comparison plain = Comparison.Run(s_small, null, default);
        Assert.That(whole.Rows.Select(row => row.Result.Final), Is.EqualTo(plain.Rows.Select(row => row.Result.Final)));
        Comparison.Run(settings with { Seed = 2 }, null, default);
        Assert.That(File.ReadAllLines(folder["study.jsonl"]), Has.Length.EqualTo(16), "another seed is another study");
    }

    /// <summary>Catches: a cancellation that loses what was done, or that a reader takes for the whole.</summary>
    [Test]
    [Category("Slow")]
    public void What_was_done_before_a_cancellation_is_printed()
    {
        using TemporaryDirectory folder = new();
        using StringWriter output = new(), error = new();
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        int exitCode = CompareCommand.Run(s_small, folder["c.svg"], Terminal.On(output), Terminal.On(error), cancellation.Token);
        Assert.That((exitCode, error.ToString()), Is.EqualTo((0, "")));
        Assert.That(output.ToString(), Does.Contain("Cancelled; this is what was done. No trial came to an end."));
        Assert.That(File.ReadAllText(folder["c.svg"]), Does.Contain("</svg>"));
    }

    [Test]
    public void A_file_that_is_no_study_is_named()
    {
        using TemporaryDirectory folder = new();
        File.WriteAllText(folder["study.jsonl"], "not a trial\n");
        Command run = Command.Run("compare", "--data", "iris", "--study", folder["study.jsonl"], "--output", folder["c.svg"]);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("study.jsonl").And.Contain("not a trial"));
    }

    [TestCase("--data", "letters")]
    [TestCase("--rule", "Magic")]
    [TestCase("--rule", "SophiaG")]
    [TestCase("--rule", "ScheduleFreeSgd")]
    [TestCase("--rate", "0")]
    [TestCase("--rate", "1..0.1")]
    [TestCase("--rate", "0.1..1", "--rate", "2")]
    [TestCase("--rate", "0.1", "--search", "random")]
    [TestCase("--rate", "0.1", "--search", "hyperband")]
    [TestCase("--search", "best")]
    [TestCase("--target", "101")]
    [TestCase("--seeds", "0")]
    public void An_option_that_is_not_understood_is_refused(params string[] options)
    {
        Command run = Command.Run(["compare", .. options]);
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Contain(options[1]).Or.Contain(options[0]));
    }

    [Test]
    public void Rates_are_numbers_or_one_range()
    {
        Assert.That(LearningRates.Parse(["0.1", "1e-3", "0.1"])!.Values, Is.EqualTo(new[] { 0.1, 0.001 }));
        Assert.That(LearningRates.Parse(["1e-3..0.5"])!.Range, Is.EqualTo(new global::Examples.Charts.Interval(0.001, 0.5)));
        Assert.That(LearningRates.Parse([]), Is.Null);
        Assert.That(LearningRates.Parse(["-1"]), Is.Null);
    }

    /// <summary>Every rule that is offered can be trained by a gradient alone.</summary>
    [Test]
    [Category("Slow")]
    public void Every_rule_that_is_offered_runs()
    {
        CompareSettings settings = s_small with
        {
            Rules = [.. CompareCandidate.Rules.Select(rule => rule.Name)],
            Rates = LearningRates.Parse(["0.001"])!,
            Seeds = 1,
            Epochs = 1,
        };
        Comparison comparison = Comparison.Run(settings, null, default);
        Assert.That(comparison.Rows, Has.Count.EqualTo(CompareCandidate.Rules.Count).And.Count.GreaterThan(25));
        Assert.That(comparison.Rows.SelectMany(row => row.Result.Trials).Where(trial => trial.Error is not null)
            .Select(trial => $"{trial.Candidate}: {trial.Error}"), Is.Empty);
    }

    /// <summary>Reports on the thread that reports.</summary>
    private sealed class Reported(Action<TrialResult> action) : IProgress<TrialResult>
    {
        public void Report(TrialResult value) => action(value);
    }
}
