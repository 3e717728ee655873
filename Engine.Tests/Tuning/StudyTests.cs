namespace Engine.Tests.Tuning;

/// <summary>Studies of candidates whose curves are known.</summary>
public sealed class StudyTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(5);

    private string _file = "";

    [SetUp]
    public void SetUp() => _file = Path.Combine(Path.GetTempPath(), $"engine-study-{Guid.NewGuid():N}.jsonl");

    [TearDown]
    public void TearDown() => File.Delete(_file);

    /// <summary>Catches: a result that depends on which worker takes which trial, or on the order in which they finish.</summary>
    [Test]
    public void The_result_does_not_depend_on_the_number_of_workers()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 5).Select(i => Noisy($"c{i}", i))];
        string[] results = [.. ((int[])[1, 2, 7]).Select(workers => Text(new Study(Key) { Workers = workers, Seeds = 4 }.Run(candidates)))];
        Assert.That(results, Is.All.EqualTo(results[0]));
        Assert.That(results[0], Does.Contain("c0 3 Completed").And.Contain("c4 0 Completed"));
        string[] halved = [.. ((int[])[1, 3]).Select(workers => Text(new Study(Key) { Workers = workers }.SuccessiveHalving(candidates)))];
        Assert.That(halved[1], Is.EqualTo(halved[0]));
    }

    /// <summary>Catches: a trial that diverges or throws and takes the others with it, or is ranked among the sound ones.</summary>
    [Test]
    public void A_trial_that_breaks_is_a_row()
    {
        StudyResult result = new Study(Key) { Epochs = 4, Seeds = 2 }.Run(
        [
            new("throws", trial => trial.Seed == 1 ? throw new InvalidOperationException("out of cheese") : Constant(0)),
            new("diverges", _ => [1, 2, double.NaN, 4]),
            new("ends", _ => [1, 2]),
            new("works", _ => Constant(9)),
        ]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Best.Name, Is.EqualTo("works"));
            Assert.That(result["throws"].Trials[1].Outcome, Is.EqualTo(TrialOutcome.Failed));
            Assert.That(result["throws"].Trials[1].Error, Is.EqualTo("InvalidOperationException: out of cheese"));
            Assert.That(result["throws"].Trials[0].Outcome, Is.EqualTo(TrialOutcome.Completed));
            Assert.That(result["throws"].Broken, Is.EqualTo(1));
            Assert.That(result["diverges"].Trials[0].Outcome, Is.EqualTo(TrialOutcome.Diverged));
            Assert.That(result["diverges"].Trials[0].Values, Has.Count.EqualTo(3));
            Assert.That(result["ends"].Trials[0].Error, Does.Contain("no number for epoch 3"));
            Assert.That(result.ToString(), Does.Contain("1 failed").And.Contain("2 diverged"));
        });
    }

    /// <summary>Each round keeps the best third and gives it three times the epochs; the others stop where they are.</summary>
    [TestCase(Improvement.Decrease, "c0")]
    [TestCase(Improvement.Increase, "c8")]
    public void Successive_halving_keeps_the_best(Improvement improvement, string best)
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 9).Select(i => new Candidate($"c{i}", _ => Constant(i)))];
        StudyResult result = new Study(Key) { Epochs = 9, Seeds = 2, Improvement = improvement }.SuccessiveHalving(candidates);
        Assert.That(result.Best.Name, Is.EqualTo(best));
        Assert.That(result.Candidates.Select(static candidate => candidate.Epochs), Is.EqualTo((int[])[9, 3, 3, 1, 1, 1, 1, 1, 1]));
        Assert.That(result.Candidates[1].Trials[0].Outcome, Is.EqualTo(TrialOutcome.Stopped));
    }

    /// <summary>The brackets of Hyperband for R = 9, η = 3 by its algorithm 1: 9 candidates from 1 epoch, 5 from 3, 3 from 9.</summary>
    [Test]
    public void Hyperband_has_the_brackets_of_its_paper()
    {
        List<int> drawn = [];
        StudyResult result = new Study(Key) { Epochs = 9, Seeds = 1 }.Hyperband(i =>
        {
            drawn.Add(i);
            return new Candidate($"c{i}", _ => Constant(100 - i));
        });
        Assert.That(drawn, Is.EqualTo(Enumerable.Range(0, 17)));
        int[] epochs = [.. Enumerable.Range(0, 17).Select(i => result[$"c{i}"].Epochs)];
        Assert.That(epochs, Is.EqualTo((int[])[1, 1, 1, 1, 1, 1, 3, 3, 9, 3, 3, 3, 3, 9, 9, 9, 9]));
    }

    /// <summary>Catches: finished trials that are run again, a study that ends otherwise than without the interruption.</summary>
    [Test]
    public void A_study_goes_on_from_its_file()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 4).Select(i => Noisy($"c{i}", i))];
        string whole = Text(new Study(Key) { Workers = 1 }.Run(candidates));
        using CancellationTokenSource source = new();
        int started = 0;
        Candidate[] interrupted = [.. candidates.Select(candidate => new Candidate(candidate.Name, trial =>
        {
            if (Interlocked.Increment(ref started) == 6)
            {
                source.Cancel();
            }
            return candidate.Run(trial);
        }))];
        StudyResult part = new Study(Key) { Workers = 1, File = _file }.Run(interrupted, source.Token);
        Assert.That(part.IsComplete, Is.False);
        Assert.That(part.Candidates.SelectMany(static c => c.Trials).Count(static t => t.Outcome == TrialOutcome.Cancelled), Is.EqualTo(7));

        started = 0;
        StudyResult rest = new Study(Key) { Workers = 1, File = _file }.Run(interrupted);
        Assert.That(started, Is.EqualTo(7), "five trials were read from the file");
        Assert.That(Text(rest), Is.EqualTo(whole));

        started = 10;
        StudyResult longer = new Study(Key) { Workers = 1, File = _file, Epochs = 12 }.Run(interrupted);
        Assert.That(Text(longer), Is.EqualTo(Text(new Study(Key) { Epochs = 12 }.Run(candidates))), "trials that are too short go on");
    }

    /// <summary>Catches: NaN that JSON cannot write, an error message that is lost.</summary>
    [Test]
    public void Broken_trials_are_read_back()
    {
        Candidate[] candidates =
        [
            new("diverges", _ => [1, double.NegativeInfinity]),
            new("throws \"x\"", _ => throw new FormatException("line\nbreak")),
            new("works", _ => Constant(0.1)),
        ];
        Study study = new(Key) { Seeds = 1, Epochs = 3, File = _file };
        string first = Text(study.Run(candidates));
        Candidate[] forbidden =
            [.. candidates.Select(static c => new Candidate(c.Name, _ => throw new InvalidOperationException("run again")))];
        Assert.That(Text(study.Run(forbidden)), Is.EqualTo(first));
    }

    /// <summary>A process that is killed leaves half a line, which is dropped; any other damage is an error with its line.</summary>
    [Test]
    public void Half_a_line_is_dropped_and_other_damage_is_named()
    {
        Study study = new(Key) { Seeds = 2, Epochs = 2, Workers = 1, File = _file };
        Candidate[] candidates = [new("c", trial => Constant(trial.Seed))];
        string whole = Text(study.Run(candidates));
        File.WriteAllText(_file, File.ReadAllText(_file)[..^10]);
        Assert.That(Text(study.Run(candidates)), Is.EqualTo(whole));
        Assert.That(File.ReadAllLines(_file), Has.Length.EqualTo(2));

        foreach (string damage in (string[])[
            "{}",
            "nonsense",
            "[1]",
            "{\"candidate\":\"c\",\"seed\":0,\"key\":\"0\",\"outcome\":\"Odd\",\"values\":[],\"seconds\":[]}",
            "{\"candidate\":\"c\",\"seed\":0,\"key\":\"0\",\"outcome\":\"Completed\",\"values\":[1],\"seconds\":[]}"])
        {
            File.WriteAllText(_file, damage + "\n");
            Assert.That(
                () => study.Run(candidates), Throws.InstanceOf<InvalidDataException>().With.Message.Contains($"{_file}, line 1"), damage);
        }
    }

    /// <summary>Catches: a file of an older version of the candidate that is continued as if nothing had changed.</summary>
    [Test]
    public void A_file_that_does_not_fit_is_refused_and_left_alone()
    {
        new Study(Key) { Seeds = 1, Epochs = 2, File = _file }.Run([new("c", _ => Constant(1))]);
        string before = File.ReadAllText(_file);
        Assert.That(
            () => new Study(Key) { Seeds = 1, Epochs = 3, File = _file }.Run([new("c", _ => Constant(2))]),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("got 2 from 'c' after epoch 1, expected 1"));
        Assert.That(
            () => new Study(RandomKey.FromSeed(6)) { Seeds = 1, Epochs = 2, File = _file }.Run([new("c", _ => Constant(1))]),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("another key"));
        Assert.That(File.ReadAllText(_file), Is.EqualTo(before));
        File.WriteAllText(_file, "somebody's file without a line feed");
        Assert.That(
            () => new Study(Key) { File = _file }.Run([new("c", _ => Constant(1))]),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("line 1"));
        Assert.That(File.ReadAllText(_file), Is.EqualTo("somebody's file without a line feed"));
    }

    /// <summary>Catches: a target that is read from the last number, and trials that never reach it counted in.</summary>
    [Test]
    public void The_time_to_a_target_is_that_of_the_trials_that_reach_it()
    {
        CandidateResult result = new Study(Key) { Seeds = 3, Epochs = 4, Improvement = Improvement.Increase }.Run(
            [new("c", trial => trial.Seed == 2 ? Constant(0) : [0.1, 0.5 + trial.Seed * 0.3, 0.9, 0.2])]).Best;
        Assert.That(result.EpochsTo(0.8), Is.EqualTo(ConfidenceInterval.Of([3, 2])));
        Assert.That(result.SecondsTo(0.8).Count, Is.EqualTo(2));
        Assert.That(result.After(2).Mean, Is.EqualTo((0.5 + 0.8 + 0) / 3).Within(1e-15));
    }

    /// <summary>Catches: a cancellation inside a candidate taken for a failure, which no later run would repeat.</summary>
    [Test]
    public void A_trial_that_cancels_itself_is_run_again()
    {
        using CancellationTokenSource source = new();
        IEnumerable<double> Run()
        {
            yield return 1;
            source.Cancel();
            source.Token.ThrowIfCancellationRequested();
        }
        Study study = new(Key) { Seeds = 1, Epochs = 2, File = _file };
        Assert.That(study.Run([new("c", _ => Run())], source.Token).Best.Trials[0].Outcome, Is.EqualTo(TrialOutcome.Cancelled));
        Assert.That(study.Run([new("c", _ => Constant(1))]).Best.Trials[0].Outcome, Is.EqualTo(TrialOutcome.Completed));
    }

    /// <summary>Catches: a round that ranks a candidate by what it did in a later one, which a file knows.</summary>
    [Test]
    public void Halving_from_a_file_chooses_the_same()
    {
        Candidate[] candidates =
        [
            new("A", _ => [1, double.NaN]), new("B", _ => Constant(2)), new("C", _ => [3, 0.5, 0.1, 0.1]), new("D", _ => Constant(4)),
        ];
        Study study = new(Key) { Seeds = 1, Epochs = 4, File = _file };
        Assert.That(Text(study.SuccessiveHalving(candidates, 2)), Is.EqualTo(Text(study.SuccessiveHalving(candidates, 2))));
    }

    /// <summary>Catches: an exception when a trial is disposed, which takes the whole result with it.</summary>
    [Test]
    public void A_trial_that_throws_at_its_end_is_a_row()
    {
        static IEnumerable<double> Bad()
        {
            try
            {
                while (true)
                {
                    yield return 1;
                }
            }
            finally
            {
                throw new InvalidOperationException("at the end");
            }
        }
        StudyResult result = new Study(Key) { Seeds = 1, Epochs = 1 }.Run([new("bad", _ => Bad()), new("good", _ => Constant(2))]);
        Assert.That(result.Best.Name, Is.EqualTo("good"));
        Assert.That(result["bad"].Trials[0].Error, Does.Contain("at the end"));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Candidate candidate = new("c", _ => Constant(1));
        Assert.Multiple(() =>
        {
            Assert.That(
                () => new Study(Key) { Seeds = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Seeds = 0"));
            Assert.That(() => new Study(Key) { Workers = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new Study(Key).Run([]), Throws.ArgumentException.With.Message.Contains("no candidates"));
            Assert.That(() => new Study(Key).Run([candidate, candidate]), Throws.ArgumentException.With.Message.Contains("'c' twice"));
            Assert.That(
                () => new Study(Key).SuccessiveHalving([candidate], reduction: 1),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 2"));
            Assert.That(
                () => new Study(Key).SuccessiveHalving([candidate], firstEpochs: 11),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("11 epochs, expected 1 to 10"));
            Assert.That(() => new Candidate("", _ => []), Throws.ArgumentException);
        });
    }

    private static Candidate Noisy(string name, double level) => new(name, trial => Curve(trial, level));

    private static IEnumerable<double> Curve(Trial trial, double level)
    {
        for (int epoch = 0; ; epoch++)
        {
            yield return level + trial.Key.Normal(epoch);
        }
    }

    private static IEnumerable<double> Constant(double value)
    {
        while (true)
        {
            yield return value;
        }
    }

    /// <summary>All that a study measured but the times.</summary>
    private static string Text(StudyResult result) => string.Join('\n', result.Candidates.SelectMany(static c => c.Trials)
        .Select(static t => FormattableString.Invariant($"{t.Candidate} {t.Seed} {t.Outcome} {string.Join(' ', t.Values)} {t.Error}")));
}
