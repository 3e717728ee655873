using Engine.Tests.Logging.Schemas;

namespace Engine.Tests.Logging;

/// <summary>What the event log writes, read by Google's Protocol Buffers with the published schemas; and files of PyTorch's.</summary>
public sealed class EventLogTests
{
    private const double Time = 1500000000.25;

    /// <summary>
    /// Catches: a wrong checksum, field number or length; a value 0 that is left out, as if there were none; a negative step in five
    /// bytes. The bytes are those of TensorFlow's writer.
    /// </summary>
    [TestCase(7, 0.5, "1a00000000000000129bd82d09000010c00b5ad64110072a0d0a0b0a046c6f7373150000003f60cdc52d")]
    [TestCase(0, 0, "1800000000000000a37f4b2209000010c00b5ad6412a0d0a0b0a046c6f737315000000005059ca10")]
    [TestCase(-1, 0.5, "2300000000000000b09f774309000010c00b5ad64110ffffffffffffffffff012a0d0a0b0a046c6f7373150000003f3bbccf27")]
    public void A_number_has_the_bytes_that_TensorFlow_writes(long step, double value, string bytes)
    {
        byte[] written = Write(log => log.Scalar("loss", value, step));
        Event first = Parse(written)[0];
        Assert.That(first, Is.EqualTo(new Event
        {
            WallTime = Time, FileVersion = "brain.Event:2", SourceMetadata = new SourceMetadata { Writer = "engine" },
        }));
        Assert.That(Convert.ToHexString(written), Does.EndWith(bytes.ToUpperInvariant()));
    }

    /// <summary>Catches: a number that the file cannot hold, or holds as another.</summary>
    [TestCase(double.NaN, float.NaN)]
    [TestCase(double.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(double.NegativeInfinity, float.NegativeInfinity)]
    [TestCase(-0.0, -0.0f)]
    [TestCase(1e-45, 1e-45f)]
    [TestCase(0.1, 0.1f)]
    [TestCase(1e300, float.PositiveInfinity)]
    public void A_number_is_that_in_single_precision(double value, float written)
    {
        Event[] events = Parse(Write(log => log.Scalar("x", value, long.MaxValue)));
        Assert.That(
            BitConverter.SingleToUInt32Bits(events[1].Summary.Value.Single().SimpleValue),
            float.IsNaN(written) ? Is.Not.Zero : Is.EqualTo(BitConverter.SingleToUInt32Bits(written)));
        Assert.That(float.IsNaN(events[1].Summary.Value.Single().SimpleValue), Is.EqualTo(float.IsNaN(written)));
        Assert.That(events[1].Step, Is.EqualTo(long.MaxValue));
    }

    /// <summary>Catches: any field that differs from what the schema says, of any kind of entry.</summary>
    [Test]
    public void All_kinds_of_entries_are_those_of_the_schemas()
    {
        LogImage image = new(3, 2, 3, [.. Enumerable.Range(0, 18).Select(static i => (byte)(14 * i))]);
        Event[] events = Parse(Write(log =>
        {
            log.Hyperparameters(
                new Dictionary<string, HyperparameterValue> { ["rate"] = 0.1, ["rule"] = "Adam", ["clip"] = true, ["zero"] = 0.0 },
                ["loss/validation"]);
            log.Histogram<double>("weights", [-1, 0, 0.5, 2], 3);
            log.Image("picture", image, 4);
            log.Text("note", "**ünïcödé** 🙂", 5);
            log.Outcome = RunOutcome.Succeeded;
        }));
        Assert.That(events, Has.Length.EqualTo(7));

        HParamsPluginData experiment = Plugin(events[1], "_hparams_/experiment");
        Assert.That(experiment.Experiment.HparamInfos.Select(static info => (info.Name, info.Type)), Is.EqualTo(new[]
        {
            ("rate", 3), ("rule", 1), ("clip", 2), ("zero", 3),
        }));
        Assert.That(experiment.Experiment.MetricInfos.Single().Name.Tag, Is.EqualTo("loss/validation"));
        HParamsPluginData start = Plugin(events[2], "_hparams_/session_start_info");
        Assert.That(start.SessionStartInfo.Hparams["rate"].NumberValue, Is.EqualTo(0.1));
        Assert.That(start.SessionStartInfo.Hparams["rule"].StringValue, Is.EqualTo("Adam"));
        Assert.That(start.SessionStartInfo.Hparams["clip"].BoolValue, Is.True);
        Assert.That(
            start.SessionStartInfo.Hparams["zero"].KindCase,
            Is.EqualTo(Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue));

        HistogramProto histogram = events[3].Summary.Value.Single().Histo;
        Assert.That(
            (histogram.Min, histogram.Max, histogram.Num, histogram.Sum, histogram.SumSquares), Is.EqualTo((-1.0, 2.0, 4.0, 1.5, 5.25)));
        Assert.That(histogram.Bucket.Sum(), Is.EqualTo(4));

        Summary.Types.Image picture = events[4].Summary.Value.Single().Image;
        Assert.That((picture.Width, picture.Height, picture.Colorspace, events[4].Step), Is.EqualTo((3, 2, 3, 4L)));
        Assert.That(PngTests.Decode(picture.EncodedImageString.ToByteArray()).Pixels, Is.EqualTo(image.Pixels.ToArray()));

        Summary.Types.Value text = events[5].Summary.Value.Single();
        Assert.That((text.Tag, text.Metadata.PluginData.PluginName), Is.EqualTo(("note", "text")));
        Assert.That((text.Tensor.Dtype, text.Tensor.TensorShape.Dim.Single().Size), Is.EqualTo((7, 1L)));
        Assert.That(text.Tensor.StringVal.Single().ToStringUtf8(), Is.EqualTo("**ünïcödé** 🙂"));

        Assert.That(Plugin(events[6], "_hparams_/session_end_info").SessionEndInfo.Status, Is.EqualTo(1));
    }

    /// <summary>
    /// Catches: content that PyTorch's writer puts into a file and ours cannot. Each of its files is written again from what the reader
    /// found in it, and every message must be equal; of the histograms, which have more than 512 intervals, the moments.
    /// </summary>
    [TestCaseSource(typeof(GoldenEvents), nameof(GoldenEvents.Names))]
    public void The_content_of_PyTorchs_files_can_be_written(string name)
    {
        // by tag: how a run ended is written at its end here, and before the metrics there
        Event[] golden = [.. Parse(File.ReadAllBytes(GoldenEvents.PathOf(name))).OrderBy(TagOf, StringComparer.Ordinal)];
        double[] values =
            [.. Golden.Load("events/histogram.json").GetProperty("values").EnumerateArray().Select(static number => number.GetDouble())];
        TestClock clock = new(golden[0].WallTime);
        using MemoryStream stream = new();
        EventLog log = new(stream, "memory", new RunLogOptions { Clock = clock });
        foreach (RunEvent one in EventFile.Read(GoldenEvents.PathOf(name)))
        {
            clock.Seconds = one.WallTime;
            WriteAgain(log, one, values);
        }
        log.Dispose();
        Event[] written = [.. Parse(stream.ToArray()).OrderBy(TagOf, StringComparer.Ordinal)];
        Assert.That(written, Has.Length.EqualTo(golden.Length));
        for (int i = 0; i < golden.Length; i++)
        {
            List<HParamsPluginData> hyperparameters = [];
            // a double is not exact to a tick, and we date what was logged together at once
            Assert.That(written[i].WallTime, Is.EqualTo(golden[i].WallTime).Within(1e-4));
            foreach (Event one in (Event[])[golden[i], written[i]])
            {
                one.WallTime = 0;
                one.SourceMetadata = null;
                foreach (Summary.Types.Value value in one.Summary?.Value ?? [])
                {
                    value.Metadata ??= new SummaryMetadata();
                    value.Metadata.SummaryDescription = "";
                    value.Metadata.DisplayName = "";
                    if (value.Metadata.PluginData is { PluginName: "hparams" } plugin)
                    {
                        hyperparameters.Add(HParamsPluginData.Parser.ParseFrom(plugin.Content)); // a map has no order in the bytes
                        plugin.Content = Google.Protobuf.ByteString.Empty;
                    }
                    value.Histo?.Bucket.Clear();
                    value.Histo?.BucketLimit.Clear();
                    if (value.Histo is { } histogram)
                    {
                        histogram.Sum = Math.Round(histogram.Sum, 9); // NumPy adds in another order
                        histogram.SumSquares = Math.Round(histogram.SumSquares, 9);
                    }
                    if (value.Image is { } image)
                    {
                        // zlib's bytes are up to the library
                        image.EncodedImageString = Google.Protobuf.ByteString.CopyFrom(
                            PngTests.Decode(image.EncodedImageString.ToByteArray()).Pixels);
                    }
                }
            }
            Assert.That(written[i], Is.EqualTo(golden[i]));
            Assert.That(hyperparameters.Skip(1), Is.EqualTo(hyperparameters.Take(1)));
        }
    }

    /// <summary>Catches: a graph whose edges or shapes are not those of the recording, or with names that TensorBoard refuses.</summary>
    [Test]
    public void A_graph_has_the_nodes_and_edges_of_the_recording()
    {
        Parameter<float> w = new("layer 0.weight", Tensor<float>.From([1, 2, 3, 4, 5, 6], [3, 2]));
        Tape<float> tape = new();
        using (tape.Record())
        {
            Tensor<float>.From([1, 2], [1, 2]).Linear(w.Value).Relu().Sum();
        }
        GraphDef graph = Parse(Write(log => log.Graph(tape)))[1].GraphDef;
        string[] names = [.. graph.Node.Select(static node => node.Name)];
        Assert.That(names, Has.Some.EqualTo("parameters/layer_0.weight").And.Some.StartsWith("constants/"));
        Assert.That(names, Is.Unique.And.All.Match("^[A-Za-z0-9.][A-Za-z0-9_./-]*$"));
        Assert.That(graph.Node.SelectMany(static node => node.Input), Is.SubsetOf(names).And.Not.Empty);
        NodeDef product = graph.Node.Single(static node => node.Input.Contains("parameters/layer_0.weight"));
        Assert.That(product.Attr["_output_shapes"].List.Shape.Single().Dim.Select(static dim => dim.Size), Is.EqualTo(new[] { 1L, 3 }));
        Assert.That(graph.Versions.Producer, Is.EqualTo(22));
        Assert.That(() => Write(log => log.Graph(new Tape<float>())), Throws.ArgumentException.With.Message.Contains("without operations"));
    }

    /// <summary>
    /// Catches: a resumed run that appends to the old file, whose file sorts before it (readers then take the new one for finished), or
    /// that does not say which steps it makes again.
    /// </summary>
    [Test]
    public void A_resumed_run_has_a_new_file_that_comes_last()
    {
        using TemporaryDirectory directory = new();
        RunLogOptions early = new() { Clock = new TestClock(1_700_000_000) }, late = new() { Clock = new TestClock(1_700_000_500) };
        List<string> files = [];
        foreach (RunLogOptions options in (RunLogOptions[])[late, early, early])
        {
            using EventLog log = EventLog.Resume(directory.Path, 5, options);
            log.Scalar("loss", 1, 5);
            files.Add(Path.GetFileName(log.FilePath));
        }
        Assert.That(files, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique);
        Assert.That(files, Has.All.Match(@"^events\.out\.tfevents\.17000005[0-9]{2}\."));
        Event[] events = Parse(File.ReadAllBytes(directory[files[1]]));
        Assert.That((events[0].FileVersion, events[0].Step), Is.EqualTo(("brain.Event:2", 5L)));
        Assert.That((events[1].SessionLog.Status, events[1].Step), Is.EqualTo((1, 5L)));
        Assert.That(
            () => EventLog.Resume(directory.Path, -1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got step -1, expected at least 0"));
    }

    /// <summary>Catches: entries that are lost or change their order on their way through the other thread.</summary>
    [Test]
    public void Many_entries_arrive_in_order()
    {
        byte[] written = Write(static log =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                log.Scalar("x", i, i);
            }
        });
        Assert.That(
            EventFileTests.Read(written).OfType<RunEvent.Scalar>().Select(static scalar => (scalar.Step, scalar.Value)),
            Is.EqualTo(Enumerable.Range(0, 20_000).Select(static i => ((long)i, (float)i))));
    }

    /// <summary>Catches: an event log of another thread's entry inside one's own.</summary>
    [Test]
    public void Threads_may_share_a_log()
    {
        byte[] written = Write(static log =>
        {
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(thread => new Thread(() =>
            {
                for (int i = 0; i < 500; i++)
                {
                    log.Scalar($"x{thread}", i, i);
                    log.Histogram<float>($"h{thread}", [thread, i], i);
                }
            }))];
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());
        });
        RunEvent[] events = [.. EventFileTests.Read(written)];
        Assert.That(events, Has.Length.EqualTo(1 + 4 * 1000));
        for (int thread = 0; thread < 4; thread++)
        {
            string tag = $"x{thread}";
            Assert.That(
                events.OfType<RunEvent.Scalar>().Where(scalar => scalar.Tag == tag).Select(static scalar => (int)scalar.Value),
                Is.EqualTo(Enumerable.Range(0, 500)));
        }
    }

    internal static byte[] Write(Action<EventLog> action)
    {
        using MemoryStream stream = new();
        using (EventLog log = new(stream, "memory", new RunLogOptions { Clock = new TestClock(Time) }))
        {
            action(log);
        }
        return stream.ToArray();
    }

    internal static Event[] Parse(byte[] file) => [.. GoldenEvents.RecordsOf(file).Select(Event.Parser.ParseFrom)];

    private static string TagOf(Event one) => one.Summary?.Value.Single().Tag ?? "";

    private static void WriteAgain(EventLog log, RunEvent one, double[] values)
    {
        switch (one)
        {
            case RunEvent.Scalar scalar:
                log.Scalar(scalar.Tag, scalar.Value, one.Step);
                break;
            case RunEvent.Histogram histogram:
                log.Histogram<double>(histogram.Tag, one.Step == 0 ? values : Array.ConvertAll(values, static x => 2 * x + 1), one.Step);
                break;
            case RunEvent.Image image:
                (int width, int height, int channels, byte[] pixels) = PngTests.Decode(image.Encoded.ToArray());
                log.Image(image.Tag, new LogImage(width, height, channels, pixels), one.Step);
                break;
            case RunEvent.Text text:
                log.Text(text.Tag, text.Content, one.Step);
                break;
            case RunEvent.Hyperparameters hyperparameters:
                // PyTorch lists them in this order and keeps them in a map of any order
                log.Hyperparameters(
                    new[] { "lr", "optimizer", "nesterov" }.ToDictionary(static name => name, name => hyperparameters.Values[name]),
                    ["hparam/accuracy"]);
                break;
            case RunEvent.Ended ended:
                log.Outcome = ended.Outcome;
                break;
        }
    }

    private static HParamsPluginData Plugin(Event one, string tag)
    {
        Summary.Types.Value value = one.Summary.Value.Single();
        Assert.That((value.Tag, value.Metadata.PluginData.PluginName), Is.EqualTo((tag, "hparams")));
        return HParamsPluginData.Parser.ParseFrom(value.Metadata.PluginData.Content);
    }
}
