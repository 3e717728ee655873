using Onnx;

namespace Engine.Tests;

/// <summary>
/// The export to ONNX against ONNX Runtime, for every layer: a layer without a row in the table of layers fails
/// <see cref="OpCoverageTests"/>, and one that can no longer be exported fails here, unless it is among the refusals.
/// </summary>
internal sealed class OnnxExportTests
{
    private const double Tolerance = 1e-5;

    private static readonly RandomKey s_key = RandomKey.FromSeed(3);

    private static IEnumerable<string> Exported() => OnnxCase.All.Keys.Except(OnnxCase.Refusals.Keys);

    private static IEnumerable<string> Operations() => LaneOperation.All;

    /// <summary>
    /// A wrong operator or setting, gates in the wrong order, an initial γ or running statistic in place of the trained one, dropout that
    /// is still there; a batch axis that is not free, or that a reshape has fixed.
    /// </summary>
    [TestCaseSource(nameof(Exported))]
    public void Onnx_runtime_gives_the_same_outputs(string name)
    {
        OnnxCase row = OnnxCase.All[name];
        Layer<double> model = row.Trained();
        using OnnxSession session = new(model.ToOnnx(row.Input));
        model.Training = false;
        foreach (int examples in (int[])[1, 3])
        {
            Tensor<double> x = row.Batch(examples, seed: 100 + examples), y = model.Forward(x);
            Compare(session.Run(x.ToArray(), x.Shape.Extents), y, $"{name}, {examples} examples");
        }
        string rest = string.Concat(row.Input.ToArray().Skip(1).Select(static extent => $", {extent}"));
        Assert.That(session.Input, Does.EndWith($" [batch{rest}]"));
        Assert.That(session.Output, Does.StartWith("Single [batch"));
    }

    /// <summary>A table that lists what has become possible, or a message that no longer says what and where.</summary>
    [Test]
    public void What_cannot_be_exported_is_refused_by_name()
    {
        foreach ((string name, (Type exception, string message)) in OnnxCase.Refusals)
        {
            OnnxCase row = OnnxCase.All[name];
            Assert.That(
                () => row.Create().ToOnnx(row.Input),
                Throws.TypeOf(exception).With.Message.StartsWith("ExportOnnx: got ").And.Message.Contains(message), name);
        }
    }

    /// <summary>A refusal that names the wrong layer, or the outermost one.</summary>
    [Test]
    public void A_refusal_has_the_path_of_the_layer()
    {
        Sequential<float> withLambda = new(
            new Relu<float>(),
            new Residual<float>(new Sequential<float>(new Tanh<float>(), new Lambda<float>(static x => x * 2, "twice")))),
            withOwn = new(new Sequential<float>(new OwnLayer())), withBatch = new(new Relu<float>(), new Flatten<float>(0)),
            wrong = new(new Relu<float>(), new Residual<float>(new Linear<float>(3, 3, s_key)));
        Assert.That(
            () => withLambda.ToOnnx([1, 4]),
            Throws.TypeOf<NotSupportedException>().With.Message.StartsWith("ExportOnnx: got '1.body.1: Lambda', "));
        Assert.That(
            () => withOwn.ToOnnx([1, 4]),
            Throws.TypeOf<NotSupportedException>().With.Message.StartsWith("ExportOnnx: got '0.0: OwnLayer', a layer that is not"));
        Assert.That(
            () => withBatch.ToOnnx([1, 4]),
            Throws.TypeOf<NotSupportedException>().With.Message.StartsWith("ExportOnnx: got '1: Flatten', which makes [8] of [2, 4]"));
        Assert.That(
            () => wrong.ToOnnx([1, 4]),
            Throws.ArgumentException.With.Message.Contains("got the shape [2, 4], with the batch as its first axis, for '1.body: Linear'"));
    }

    /// <summary>An axis of two examples that is taken for features would be exported with the batch fixed at 2.</summary>
    [Test]
    public void A_layer_that_reads_across_examples_is_refused()
    {
        Assert.That(() => new Linear<float>(2, 2, s_key).ToOnnx([7]), Throws.ArgumentException.With.Message.Contains("got the shape [3]"));
        Assert.That(() => new LayerNorm<float>([2, 4]).ToOnnx([2, 4]), Throws.ArgumentException.With.Message.Contains("[3, 4]"));
    }

    [Test]
    public void An_input_without_a_batch_or_elements_is_refused()
    {
        Relu<float> model = new();
        Assert.That(() => model.ToOnnx([]), Throws.ArgumentException.With.Message.Contains("got an input of shape []"));
        Assert.That(() => model.ToOnnx([1, 0]), Throws.ArgumentException.With.Message.Contains("[1, 0]"));
        Assert.That(() => model.ExportOnnx("", [1, 2]), Throws.ArgumentException);
    }

    /// <summary>An infinity in the file where the model has a number.</summary>
    [Test]
    public void A_number_beyond_single_precision_is_refused()
    {
        Linear<double> model = new(1, 1, s_key);
        model.Bias!.SetValue(Tensor<double>.From(1e300));
        Assert.That(
            () => model.ToOnnx([1, 1]), Throws.TypeOf<NotSupportedException>().With.Message.Contains("1E+300 at position 0 of 'bias'"));
        model.Bias.SetValue(Tensor<double>.From(double.NegativeInfinity));
        using OnnxSession session = new(model.ToOnnx([1, 1]));
        Assert.That(session.Run([1], 1, 1).Elements, Is.EqualTo(new[] { float.NegativeInfinity }));
    }

    /// <summary>An operation of the lane that adds another operator, swaps its operands, or computes with numbers otherwise.</summary>
    [TestCaseSource(nameof(Operations))]
    public void A_formula_of_any_operation_is_exported(string operation)
    {
        LaneOperation function = new(LaneOperation.All.ToList().IndexOf(operation));
        double[] x = [-2, -0.75, -0.01, 0, 0.25, 1.5];
        double[] expected = Array.ConvertAll(x, element => function.Value<Scalar<double>>(element).Value);
        using OnnxSession session = new(new Activation<LaneOperation, double>(function).ToOnnx([1, 6]));
        Compare(session.Run(x, 1, 6), Tensor<double>.From(expected, [1, 6]), operation);
    }

    /// <summary>A model of floats goes another way into the file than one of doubles.</summary>
    [Test]
    public void Floats_keep_their_bits()
    {
        Sequential<float> model = new(new Linear<float>(4, 3, s_key), new Tanh<float>(), new Linear<float>(3, 2, s_key.Fold(1)));
        ModelProto parsed = ModelProto.Parser.ParseFrom(model.ToOnnx([1, 4]));
        foreach (Parameter<float> parameter in model.Parameters)
        {
            TensorProto tensor = parsed.Graph.Initializer.Single(t => t.Name == parameter.Name);
            Assert.That(tensor.RawData.ToByteArray(), Is.EqualTo(parameter.Value.ToArray().SelectMany(BitConverter.GetBytes)));
            Assert.That(tensor.Dims, Is.EqualTo(parameter.Shape.ToArray()));
        }
    }

    /// <summary>
    /// A field with a wrong number or type, a length that is off: a reader with the published schema would drop or misread it, and write
    /// the rest in other bytes.
    /// </summary>
    [TestCaseSource(nameof(Exported))]
    public void The_published_schema_reads_and_writes_the_same_bytes(string name)
    {
        OnnxCase row = OnnxCase.All[name];
        byte[] bytes = row.Create().ToOnnx(row.Input);
        ModelProto parsed = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
        Assert.That(Google.Protobuf.MessageExtensions.ToByteArray(parsed), Is.EqualTo(bytes));
        Assert.That(parsed.IrVersion, Is.EqualTo(9));
        Assert.That(parsed.OpsetImport.Single(), Is.EqualTo(new OperatorSetIdProto { Version = 20 }));
        Assert.That(parsed.Graph.Node.Select(static node => node.Name), Is.Unique);
    }

    /// <summary>Names that a reader of the graph cannot find in the model.</summary>
    [Test]
    public void Nodes_are_named_by_their_layers()
    {
        Sequential<float> model = new(
            new Linear<float>(4, 4, s_key), new Residual<float>(new Sequential<float>(new Silu<float>(), new Linear<float>(4, 4, s_key))),
            new Tanh<float>());
        GraphProto graph = ModelProto.Parser.ParseFrom(model.ToOnnx([1, 4])).Graph;
        Assert.That(
            graph.Node.Select(static node => node.Name),
            Is.EqualTo(
                new[]
                {
                    "0.Gemm", "1.body.0.Neg", "1.body.0.Exp", "1.body.0.Add", "1.body.0.Div", "1.body.1.Gemm", "1.Add", "output",
                }));
    }

    /// <summary>An export that leaves the model in evaluation, moves its running statistics, or is recorded.</summary>
    [Test]
    public void The_model_and_a_recording_are_as_before()
    {
        BatchNorm<float> norm = new(3);
        Dropout<float> dropout = new(0.5, s_key) { Training = false };
        Sequential<float> model = new(new Linear<float>(3, 3, s_key), norm, dropout);
        dropout.Training = false;
        Tape<float> tape = new();
        using (tape.Record())
        {
            model.ToOnnx([1, 3]);
            Assert.That(tape.Count, Is.Zero);
        }
        Assert.That(model.Training && norm.Training && !dropout.Training);
        Assert.That(norm.RunningMean!.Value.ToArray(), Is.All.Zero);
        Assert.That(model.Counters.Select(static counter => counter.Value), Is.All.Zero);
    }

    /// <summary>A file that is half written, or replaced by an export that failed.</summary>
    [Test]
    public void A_file_is_written_whole_or_not_at_all()
    {
        string folder = Directory.CreateTempSubdirectory("onnx").FullName, path = Path.Combine(folder, "model.onnx");
        try
        {
            Linear<float> model = new(3, 2, s_key);
            model.ExportOnnx(path, [1, 3]);
            byte[] written = File.ReadAllBytes(path);
            Assert.That(written, Is.EqualTo(model.ToOnnx([5, 3])), "the extent of the batch does not matter");
            Sequential<float> refused = new(new Lambda<float>(static x => x));
            Assert.That(() => refused.ExportOnnx(path, [1, 3]), Throws.TypeOf<NotSupportedException>());
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(written));
            string elsewhere = Path.Combine(folder, "taken");
            Directory.CreateDirectory(Path.Combine(elsewhere, "inside"));
            Assert.That(() => model.ExportOnnx(elsewhere, [1, 3]), Throws.InstanceOf<SystemException>());
            Assert.That(Directory.GetFiles(folder), Is.EqualTo(new[] { path }), "no temporary file stays behind");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare((long[] Shape, float[] Elements) actual, in Tensor<double> expected, string what)
    {
        double[] elements = expected.ToArray();
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape.ToArray()), what);
        Assert.That(elements, Has.None.NaN, what);
        for (int i = 0; i < elements.Length; i++)
        {
            Assert.That(
                actual.Elements[i], Is.EqualTo(elements[i]).Within(Tolerance * Math.Max(1, Math.Abs(elements[i]))), $"{what}, element {i}");
        }
    }

    /// <summary>A module of a user's own, whose Forward could do anything.</summary>
    private sealed class OwnLayer : Layer<float>
    {
        public override Tensor<float> Forward(Tensor<float> x) => x;
    }
}
