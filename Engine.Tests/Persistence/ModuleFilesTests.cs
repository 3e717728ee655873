using System.Numerics;

namespace Engine.Tests.Persistence;

/// <summary>Models are saved and loaded under PyTorch's names.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ModuleFilesTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static Sequential<T> Model(int seed)
    {
        RandomKey key = RandomKey.FromSeed(seed);
        return new(
            new Linear<T>(4, 6, key.Fold("0")), new BatchNorm<T>(6), new Dropout<T>(0.5, key.Fold("dropout")),
            new Sequential<T>(new SpectralNorm<T>(new Linear<T>(6, 3, key.Fold("3")), key.Fold("u")), new PRelu<T>()),
            new LayerNorm<T>([3]));
    }

    private static Sequential<T> Trained(int seed)
    {
        Sequential<T> model = Model(seed);
        for (int i = 0; i < 3; i++)
        {
            model.Forward(Tensor<T>.RandomNormal([5, 4], RandomKey.FromSeed(seed + i)));
        }
        return model;
    }

    private static string[] Values(Layer<T> model) =>
    [
        .. model.Parameters.Select(static p => $"{p.Name} {string.Join(' ', p.Value.ToArray())}"),
        .. model.Buffers.Select(static b => $"{b.Name} {string.Join(' ', b.Value.ToArray())}"),
        .. model.Counters.Select(static c => $"{c}"),
    ];

    /// <summary>Catches: a buffer or counter that is not saved, a value that is put into another's place, bits that change.</summary>
    [Test]
    public void A_model_comes_back_bit_for_bit()
    {
        using TemporaryDirectory directory = new();
        Sequential<T> model = Trained(1), other = Model(2);
        Assert.That(Values(other), Is.Not.EqualTo(Values(model)));
        model.Save(directory["a"], new Dictionary<string, string> { ["epoch"] = "3" });
        LoadReport report = other.Load(directory["a"]);
        Assert.That(Values(other), Is.EqualTo(Values(model)));
        Assert.That((report.IsComplete, report.ToString()), Is.EqualTo((true, "everything loaded")));
        using MemoryStream stream = new();
        other.Save(stream, new Dictionary<string, string> { ["epoch"] = "3" });
        Assert.That(stream.ToArray(), Is.EqualTo(File.ReadAllBytes(directory["a"])));
        using SafetensorsFile file = Safetensors.Open(directory["a"]);
        Assert.That(file.Metadata["epoch"], Is.EqualTo("3"));
        Assert.That(
            file.Tensors.Select(static tensor => tensor.Name),
            Is.EquivalentTo((string[])
            [
                "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked", "2.step",
                "3.0.weight_orig", "3.0.bias", "3.0.weight_u", "3.0.weight_v", "3.1.weight", "4.weight", "4.bias",
            ]));
        Assert.That(file["1.num_batches_tracked"].ToString(), Is.EqualTo("1.num_batches_tracked Int64 []"));
    }

    /// <summary>A module inside another is saved under its own names, as in PyTorch, and loads into one that stands alone.</summary>
    [Test]
    public void A_part_of_a_model_has_its_own_names()
    {
        using MemoryStream stream = new();
        Sequential<T> inner = (Sequential<T>)Trained(1)[3];
        inner.Save(stream);
        stream.Position = 0;
        using SafetensorsFile file = Safetensors.Open(stream);
        Assert.That(file.Tensors.Select(static tensor => tensor.Name), Does.Contain("0.weight_orig").And.Contains("1.weight"));
        Sequential<T> target = (Sequential<T>)Model(2)[3];
        target.Load(file);
        Assert.That(Values(target), Is.EqualTo(Values(inner)));
    }

    private static readonly Dictionary<string, TensorContent> s_fitting = new()
    {
        ["0.weight"] = TensorContent.From<double>(Numbers(6), [2, 3]), ["0.bias"] =
            TensorContent.From<Half>((Half[])[(Half)0.5, (Half)(-2)], [2]),
        ["1.weight"] = TensorContent.FromBytes(DataType.BFloat16, new byte[] { 0x80, 0x3F, 0, 0x40 }, [2]), ["1.bias"] =
            TensorContent.From<int>((int[])[7, -7], [2]),
        ["1.running_mean"] = TensorContent.From<float>((float[])[1, 2], [2]), ["1.running_var"] =
            TensorContent.From<float>((float[])[3, 4], [2]),
        ["1.num_batches_tracked"] = TensorContent.From<long>((long[])[(1L << 53) + 1]),
    };

    private static double[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(static i => i / 3.0)];

    private static Sequential<T> Small() => new(
        new Linear<T>(3, 2, RandomKey.FromSeed(1)), new BatchNorm<T>(2), new Dropout<T>(0.5, RandomKey.FromSeed(2)));

    private static SafetensorsFile Open(IEnumerable<KeyValuePair<string, TensorContent>> tensors) =>
        SafetensorsBytes.Open(SafetensorsBytes.Written(tensors));

    /// <summary>
    /// A file as PyTorch has it: nothing of dropout, other types. Catches: a strict load that asks for what PyTorch does not save, a
    /// conversion other than rounding, a counter that goes through a float.
    /// </summary>
    [Test]
    public void A_file_of_PyTorch_loads_with_conversion()
    {
        Sequential<T> model = Small();
        model.Counters[1].Value = 5;
        using SafetensorsFile file = Open(s_fitting);
        LoadReport report = model.Load(file);
        Assert.That(report.Missing, Is.EqualTo((string[])["2.step"]));
        Assert.That(report.Unexpected, Is.Empty);
        Assert.That(report.ToString(), Is.EqualTo("missing: 2.step; unexpected: nothing"));
        Assert.That(model.Parameters[0].Value.ToArray(), Is.EqualTo(Array.ConvertAll(Numbers(6), T.CreateTruncating)));
        Assert.That(
            model.Parameters.Skip(1).Select(static p => p.Value.ToString()),
            Is.EqualTo((string[])["[2] { 0.5, -2 }", "[2] { 1, 2 }", "[2] { 7, -7 }"]));
        Assert.That(model.Buffers.Select(static b => b.Value.ToString()), Is.EqualTo((string[])["[2] { 1, 2 }", "[2] { 3, 4 }"]));
        Assert.That(model.Counters.Select(static c => c.Value), Is.EqualTo((long[])[(1L << 53) + 1, 5]));
    }

    private static IEnumerable<TestCaseData> Unfit()
    {
        yield return Case(
            "a shape", With("0.weight", TensorContent.From<float>(new float[6], [3, 2])), false,
            "- 0.weight: the shape [3, 2] in the file, [2, 3] in the model");
        yield return Case(
            "a scalar for one", With("0.bias", TensorContent.From<float>(new float[2], [2, 1])), false, "- 0.bias: the shape [2, 1]");
        yield return Case(
            "a type", With("0.bias", TensorContent.FromBytes(DataType.Float8E4M3, new byte[2], [2])), false,
            "- 0.bias: the type Float8E4M3");
        yield return Case(
            "a counter that is a float", With("1.num_batches_tracked", TensorContent.From<float>(new float[1])), false,
            "- 1.num_batches_tracked: Float32 []");
        yield return Case(
            "a counter with an axis", With("1.num_batches_tracked", TensorContent.From<long>(new long[1], [1])), false,
            "- 1.num_batches_tracked: Int64 [1]");
        yield return Case(
            "a negative counter", With("1.num_batches_tracked", TensorContent.From<long>((long[])[-1])), false,
            "- 1.num_batches_tracked: -1");
        yield return Case(
            "a name too many", With("x", TensorContent.From<float>(new float[2], [2])), true, "- x: in the file, not in the model");
        yield return Case(
            "a name too few", s_fitting.Where(static pair => pair.Key != "1.running_var"), true,
            "- 1.running_var: in the model, not in the file");
        yield return Case(
            "several",
            With("x", TensorContent.From<float>(new float[2], [2])).Where(static pair => pair.Key is not ("0.bias" or "1.weight")), true,
            "- 0.bias: in the model", "- 1.weight: in the model", "- x: in the file");

        static IEnumerable<KeyValuePair<string, TensorContent>> With(string name, TensorContent content) =>
            new Dictionary<string, TensorContent>(s_fitting) { [name] = content };

        static TestCaseData Case(
            string name, IEnumerable<KeyValuePair<string, TensorContent>> tensors, bool loadsPartially, params string[] words) =>
            new TestCaseData(tensors, loadsPartially, words).SetArgDisplayNames(name);
    }

    /// <summary>Catches: values that were copied before the first difference was found, a difference that is not listed.</summary>
    [TestCaseSource(nameof(Unfit))]
    public void What_does_not_fit_is_listed_and_changes_nothing(
        IEnumerable<KeyValuePair<string, TensorContent>> tensors, bool loadsPartially, string[] words)
    {
        Sequential<T> model = Small();
        string[] before = Values(model);
        using SafetensorsFile file = Open(tensors);
        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Load(file))!;
        Assert.That(words, Is.All.Matches<string>(word => error.Message.Contains(word!, StringComparison.Ordinal)), error.Message);
        Assert.That(Values(model), Is.EqualTo(before));
        if (loadsPartially)
        {
            LoadReport report = model.Load(file, match: NameMatch.Partial);
            Assert.That(report.Missing.Count + report.Unexpected.Count, Is.EqualTo(words.Length + 1), "and the dropout's step");
            Assert.That(model.Parameters[0].Value.ToArray(), Is.EqualTo(Array.ConvertAll(Numbers(6), T.CreateTruncating)));
        }
        else
        {
            Assert.That(() => model.Load(file, match: NameMatch.Partial), Throws.ArgumentException);
            Assert.That(Values(model), Is.EqualTo(before));
        }
    }

    /// <summary>Catches: names that are changed in the wrong direction, two names that become one and of which the last wins.</summary>
    [Test]
    public void Names_that_differ_are_mapped()
    {
        Dictionary<string, string> names = new() { ["fc.weight"] = "0.weight", ["fc.bias"] = "0.bias" };
        Func<string, string> rename = name => names.GetValueOrDefault(name, name.Replace("norm.", "1.", StringComparison.Ordinal));
        using SafetensorsFile file = Open(s_fitting.Select(static pair => KeyValuePair.Create(
            pair.Key.Replace("0.", "fc.", StringComparison.Ordinal).Replace("1.", "norm.", StringComparison.Ordinal), pair.Value)));
        Sequential<T> model = Small(), expected = Small();
        Assert.That(() => model.Load(file), Throws.ArgumentException.With.Message.Contains("- fc.weight: in the file"));
        model.Load(file, rename);
        using SafetensorsFile fitting = Open(s_fitting);
        expected.Load(fitting);
        Assert.That(Values(model), Is.EqualTo(Values(expected)));
        Assert.That(
            () => model.Load(fitting, static name => name == "1.bias" ? "0.bias" : name),
            Throws.ArgumentException.With.Message.Contains("0.bias: in the file as").And.Message.Contains("'1.bias'"));
        Assert.That(() => model.Load(fitting, static _ => null!), Throws.ArgumentException.With.Message.Contains("null"));
        Assert.That(() => model.Load(fitting, match: (NameMatch)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Catches: a load that a recording does not see, so that its gradients are those of other values.</summary>
    [Test]
    public void A_load_counts_as_a_change_of_the_parameters()
    {
        using SafetensorsFile file = Open(s_fitting);
        Sequential<T> model = Small();
        model.Training = false;
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> loss = model.Forward(Tensor<T>.Zeros([1, 3])).Square().Sum();
            model.Load(file);
            Assert.That(() => tape.Backward(loss), Throws.InvalidOperationException.With.Message.Contains("weight"));
        }
    }

    /// <summary>Catches: a second copy of the values in memory, when they are saved or loaded.</summary>
    [Test]
    public void Values_go_straight_between_memory_and_file()
    {
        using TemporaryDirectory directory = new();
        Linear<T> model = new(1000, 500, RandomKey.FromSeed(1));
        model.Save(directory["warm"]);
        model.Load(directory["warm"]);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        model.Save(directory["a"]);
        model.Load(directory["a"]);
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(500_000), "the values have 2 or 4 million bytes");
    }
}
