using Engine.Tests.Optimizers;

namespace Engine.Tests.Checkpoints;

/// <summary>
/// A training run that is saved and loaded goes on bit for bit, whatever it consists of; and what does not fit changes nothing.
/// </summary>
public sealed class CheckpointTests
{
    private const int Updates = 30;

    /// <summary>What JSON is made of.</summary>
    private const string JsonCharacters = "0-9{}[]\",:truefalsnE. ";

    private string _folder = "";

    private string File => Path.Combine(_folder, "run.safetensors");

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("engine-checkpoint-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<RuleCase> Rules() => RuleTable.Defaults();

    /// <summary>Catches: a state array, a number or a count of a rule that is not in the file, or is rounded on its way.</summary>
    [TestCaseSource(nameof(Rules))]
    public void Every_rule_goes_on(RuleCase rule)
    {
        double[] whole = Run(-1);
        foreach (int stopAt in RandomKey.FromSeed(50).Permutation(Updates * 2).AsSpan(0, 50))
        {
            Assert.That(Run(stopAt), Is.EqualTo(whole), $"saved after {stopAt} updates");
        }

        double[] Run(int stopAt)
        {
            Parameter<double> x = new("layer.weight", Tensor<double>.From([1.5, -2, 0.25, 3], [2, 2]));
            (Optimizer<double> optimizer, Checkpoint<double> checkpoint) = Create();
            for (int t = 0; t < Updates * 2; t++)
            {
                if (t == stopAt)
                {
                    checkpoint.Save(File);
                    (optimizer, checkpoint) = Create();
                    checkpoint.Load(File);
                }
                x.SetGradient(x.Value * Tensor<double>.From([1, 2, -3, 0.1], [2, 2]));
                optimizer.Step();
            }
            return x.Value.ToArray();

            (Optimizer<double>, Checkpoint<double>) Create()
            {
                Optimizer<double> optimizer = new();
                rule.AddTo(optimizer, [x]);
                Checkpoint<double> checkpoint = new();
                checkpoint.Add("optimizer", optimizer);
                return (optimizer, checkpoint);
            }
        }
    }

    /// <summary>Catches: a part of a run whose state is lost: the position in the data, dropout's count, the average, the plateau</summary>
    [Test]
    public void A_whole_run_goes_on([Values(0, 1, 2, 11, 12, 13, 29)] int stopAt)
    {
        string whole = Train(new Run(), 0, Updates);
        Run first = new();
        Train(first, 0, stopAt);
        first.Checkpoint.Save(File);
        Run second = new();
        second.Checkpoint.Load(File);
        Assert.That(Train(second, stopAt, Updates), Is.EqualTo(whole));
    }

    /// <summary>The same content gives the same bytes, so that files can be compared.</summary>
    [Test]
    public void Two_files_of_one_run_are_equal()
    {
        Run run = new();
        Train(run, 0, 5);
        run.Checkpoint.Save(File);
        byte[] first = System.IO.File.ReadAllBytes(File);
        run.Checkpoint.Save(File);
        Assert.That(System.IO.File.ReadAllBytes(File), Is.EqualTo(first));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1), "no temporary file is left");
    }

    /// <summary>Catches: a checksum that leaves something out; without one, a bit of a weight could change unseen.</summary>
    [Test]
    public void A_changed_bit_anywhere_is_found_and_changes_nothing()
    {
        Run run = new();
        Train(run, 0, 5);
        run.Checkpoint.Save(File);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        string before = run.Text();
        for (int place = 0; place < bytes.Length; place += 37)
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= (byte)(1 << (place % 8));
            System.IO.File.WriteAllBytes(File, damaged);
            Assert.That(() => run.Checkpoint.Load(File), Throws.InstanceOf<MalformedFileException>(), $"byte {place}");
        }
        for (int length = 0; length < bytes.Length; length += 101)
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            Assert.That(() => run.Checkpoint.Load(File), Throws.InstanceOf<MalformedFileException>(), $"cut to {length}");
        }
        Assert.That(run.Text(), Is.EqualTo(before));
    }

    /// <summary>
    /// Catches: anything but a typed error for a damaged file, and a part of it that was loaded; half of the files have a right checksum,
    /// so that the texts of the parts are reached. ENGINE_MUTATIONS sets another number of files.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void Mutated_checkpoints_are_refused_or_equal()
    {
        Run run = new();
        Train(run, 0, 5);
        run.Checkpoint.Save(File);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        Dictionary<string, string> metadata;
        Dictionary<string, TensorContent> tensors;
        using (SafetensorsFile file = Safetensors.Open(File))
        {
            metadata = file.Metadata.Where(static entry => entry.Key != "checksum").ToDictionary();
            tensors = file.Tensors.ToDictionary(static stored => stored.Name, stored => TensorContent.Of(file.Read<double>(stored.Name)));
        }
        string before = run.Text();
        RandomKey key = RandomKey.FromSeed(3);
        int files = Environment.GetEnvironmentVariable("ENGINE_MUTATIONS") is { } number ? int.Parse(number) : 1000, loaded = 0;
        for (int i = 0; i < files; i++)
        {
            RandomKey one = key.Fold(i);
            if (i % 2 == 0)
            {
                byte[] damaged = [.. bytes];
                damaged[(int)(one.Uniform(0) * bytes.Length)] ^= (byte)(1 << (int)(8 * one.Uniform(1)));
                System.IO.File.WriteAllBytes(File, one.Uniform(2) < 0.2 ? damaged[..(int)(one.Uniform(3) * bytes.Length)] : damaged);
            }
            else
            {
                Dictionary<string, string> texts = new(metadata);
                string part = metadata.Keys.Order().ElementAt((int)(one.Uniform(0) * metadata.Count));
                char[] text = texts[part].ToCharArray();
                text[(int)(one.Uniform(1) * text.Length)] = JsonCharacters[(int)(one.Uniform(2) * JsonCharacters.Length)];
                texts[part] = new string(text);
                CheckpointFile.Write(File, tensors, texts);
            }
            try
            {
                run.Checkpoint.Load(File);
                loaded++;
                System.IO.File.WriteAllBytes(File, bytes);
                run.Checkpoint.Load(File);
            }
            catch (Exception exception) when (exception is MalformedFileException or ArgumentException)
            {
                Assert.That(run.Text(), Is.EqualTo(before), $"file {i}: {exception.Message}");
            }
        }
        TestContext.Out.WriteLine($"{loaded} loaded");
    }

    /// <summary>Catches: parts that are loaded before a later one throws.</summary>
    [Test]
    public void What_does_not_fit_changes_nothing()
    {
        Run run = new();
        Train(run, 0, 5);
        run.Checkpoint.Save(File);
        Linear<double> model = new(2, 3, RandomKey.FromSeed(9));
        Parameter<double> other = new("other", Tensor<double>.From(1));
        Checkpoint<double> checkpoint = new();
        checkpoint.Add("note", () => "mine", static _ => { });
        checkpoint.Add("model", run.Model);
        checkpoint.Add("optimizer", Optimizer.For(new Sgd(), [other]));
        double[] before = run.Model.Parameters[0].Value.ToArray();
        run.Model.Parameters[0].SetValue(run.Model.Parameters[0].Value * 2);
        double[] changed = run.Model.Parameters[0].Value.ToArray();
        Assert.That(() => checkpoint.Load(File), Throws.ArgumentException.With.Message.Contains("other"));
        Assert.That(run.Model.Parameters[0].Value.ToArray(), Is.EqualTo(changed).And.Not.EqualTo(before));

        Checkpoint<double> wider = new();
        wider.Add("model", model);
        Assert.That(() => wider.Load(File), Throws.ArgumentException.With.Message.Contains("in the model"));
        Checkpoint<float> single = new();
        single.Add("model", new Linear<float>(2, 2, default));
        Assert.That(
            () => single.Load(File), Throws.InstanceOf<MalformedFileException>().With.Message.Contains("of Float64, expected Float32"));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Checkpoint<double> checkpoint = new();
        Linear<double> model = new(1, 1, default);
        Assert.That(() => checkpoint.Save(File), Throws.InvalidOperationException.With.Message.Contains("nothing was added"));
        checkpoint.Add("model", model);
        Assert.Multiple(() =>
        {
            Assert.That(() => checkpoint.Add("model", model), Throws.ArgumentException.With.Message.Contains("'model'"));
            Assert.That(() => checkpoint.Add("checksum", model), Throws.ArgumentException.With.Message.Contains("'checksum'"));
            Assert.That(() => checkpoint.Add("", model), Throws.ArgumentException);
            Assert.That(() => checkpoint.Load(File), Throws.InstanceOf<FileNotFoundException>());
        });
        model.Save(File);
        Assert.That(
            () => checkpoint.Load(File), Throws.InstanceOf<MalformedFileException>().With.Message.Contains("expected a checkpoint"));
        checkpoint.Save(File);
        Checkpoint<double> more = new();
        more.Add("optimizer", Optimizer.For(new Sgd(), model.Parameters));
        Assert.That(
            () => more.Load(File),
            Throws.InstanceOf<MalformedFileException>().With.Message.Contains("a checkpoint of model, expected the part 'optimizer'"));
    }

    /// <summary>Lookahead and L-BFGS have a state of their own.</summary>
    [Test]
    public void Wrappers_go_on([Values] bool isLookahead)
    {
        Assert.That(Run(4), Is.EqualTo(Run(-1)));

        double[] Run(int stopAt)
        {
            Parameter<double> x = new("x", Tensor<double>.From(-1.2, 1));
            (Action step, Checkpoint<double> checkpoint) = Create();
            for (int t = 0; t < 8; t++)
            {
                if (t == stopAt)
                {
                    checkpoint.Save(File);
                    (step, checkpoint) = Create();
                    checkpoint.Load(File);
                }
                step();
            }
            return x.Value.ToArray();

            (Action, Checkpoint<double>) Create()
            {
                Checkpoint<double> checkpoint = new();
                Tape<double> tape = new();
                if (isLookahead)
                {
                    Lookahead<double> lookahead = new(Optimizer.For(new Adam { LearningRate = 0.1 }, [x]), syncPeriod: 3);
                    checkpoint.Add("lookahead", lookahead);
                    return (() =>
                    {
                        Loss();
                        lookahead.Step();
                    }, checkpoint);
                }
                Lbfgs<double> lbfgs = new([x], historySize: 3) { LineSearch = LineSearch.StrongWolfe, MaxIterations = 2 };
                checkpoint.Add("lbfgs", lbfgs);
                return (() => lbfgs.Step(Loss), checkpoint);

                double Loss()
                {
                    using (tape.Record())
                    {
                        Tensor<double> a = x.Value.Slice(..1), b = x.Value.Slice(1..);
                        Tensor<double> loss = (100 * (b - a.Square()).Square() + (1 - a).Square()).Sum();
                        tape.Backward(loss);
                        return loss.Item;
                    }
                }
            }
        }
    }

    /// <summary>Makes the updates from one number to another, and gives the state at the end.</summary>
    private static string Train(Run run, int from, int to)
    {
        for (int update = from; update < to; update++)
        {
            run.Update();
        }
        return run.Text();
    }

    /// <summary>A run with everything that a checkpoint can hold.</summary>
    private sealed class Run
    {
        private readonly Tape<double> _tape = new();
        private readonly Optimizer<double> _optimizer;
        private readonly GradientAccumulation<double> _accumulation;
        private readonly WeightAverage<double> _average;
        private readonly EarlyStopping<double> _stopping;
        private readonly ReduceOnPlateau _plateau = new() { Patience = 2, Factor = 0.5 }, _own = new() { Patience = 1 };
        private readonly Batches<double> _batches;
        private string _note = "nothing yet";
        private RandomKey _key = RandomKey.FromSeed(77);

        public Run()
        {
            RandomKey key = RandomKey.FromSeed(11);
            Dataset<double> data = new(
                Tensor<double>.Random([22, 3], key.Fold("x"), Distribution.Normal(0, 1)),
                Tensor<double>.Random([22, 1], key.Fold("y"), Distribution.Normal(0, 1)));
            _batches = data.Batches(5, key.Fold("order"));
            Model = new Sequential<double>(
                new Linear<double>(3, 4, key.Fold("a")), new BatchNorm<double>(4), new Dropout<double>(0.3, key.Fold("d")),
                new Linear<double>(4, 1, key.Fold("b")));
            _optimizer = Optimizer.For(
                new AdamW { LearningRate = _plateau.Reduce(0.05 * Schedule.Warmup(10)) }, Model.Parameters);
            _accumulation = new(_optimizer, 2);
            _average = WeightAverage.Exponential(Model, 0.9);
            _stopping = new(Model, patience: 100);
            Checkpoint.Add("model", Model);
            Checkpoint.Add("optimizer", _optimizer);
            Checkpoint.Add("accumulation", _accumulation);
            Checkpoint.Add("average", _average);
            Checkpoint.Add("early stopping", _stopping);
            Checkpoint.Add("batches", _batches);
            Checkpoint.Add("plateau", _own);
            Checkpoint.Add("note", () => _note, text => _note = text);
            Checkpoint.Add("key", () => _key, loaded => _key = loaded);
        }

        public Checkpoint<double> Checkpoint { get; } = new();

        public Sequential<double> Model { get; }

        /// <summary>One batch, wherever the data stand.</summary>
        public void Update()
        {
            Batches<double>.Enumerator batches = _batches.GetEnumerator();
            if (!batches.MoveNext())
            {
                batches = _batches.GetEnumerator();
                batches.MoveNext();
            }
            double loss;
            using (_tape.Record())
            {
                Tensor<double> mean = Model.Forward(batches.Current.Inputs).MeanSquaredError(batches.Current.Targets);
                _accumulation.Backward(_tape, mean, batches.Current.Count);
                loss = mean.Item;
            }
            batches.Dispose();
            _average.Update();
            _plateau.Observe(loss);
            _own.Observe(-loss);
            _stopping.ShouldStop(loss);
            _key = _key.Fold("next");
            _note = FormattableString.Invariant($"loss {loss:R} \"quoted\" ü");
        }

        /// <summary>All numbers of the run.</summary>
        public string Text()
        {
            RunHash hash = new();
            hash.Add(Model);
            foreach (Parameter<double> parameter in Model.Parameters.Where(_ => _average.Updates > 0))
            {
                hash.Add(_average.Of(parameter));
            }
            OptimizerState<double> state = _optimizer.SaveState();
            return FormattableString.Invariant(
                $"{hash} {state.Steps} {string.Join(' ', Model.Counters)} {_batches.Position} {_plateau.State} {_own.State} {_stopping} ")
                + FormattableString.Invariant($"{_accumulation} {_average} {_note} {_key}");
        }
    }
}
