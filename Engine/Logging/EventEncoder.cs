using System.Buffers;
using Engine.Formats;

namespace Engine;

/// <summary>Encodes events as records of a file; each result is valid until the next call. A warm call allocates nothing.</summary>
internal sealed class EventEncoder
{
    /// <summary>The messages inside each other in what the hyperparameter plugin reads.</summary>
    private const int PluginDepth = 6;

    private readonly ProtobufWriter _message = new();
    private readonly ArrayBufferWriter<byte> _records = new(256);

    /// <summary>The first record of every file.</summary>
    public ReadOnlySpan<byte> FileVersion(DateTimeOffset time, long step)
    {
        Begin(time, step);
        _message.String(EventFields.FileVersion, EventFields.EventVersion);
        int source = _message.Begin(EventFields.SourceMetadata);
        _message.String(EventFields.Writer, EventFields.WriterName);
        _message.End(source);
        return Record();
    }

    /// <summary>That a run is taken up at this step.</summary>
    public ReadOnlySpan<byte> SessionStart(DateTimeOffset time, long step)
    {
        Begin(time, step);
        int session = _message.Begin(EventFields.SessionLog);
        _message.Integer(EventFields.SessionStatus, EventFields.SessionStarted);
        _message.End(session);
        return Record();
    }

    /// <summary>A number.</summary>
    public ReadOnlySpan<byte> Scalar(DateTimeOffset time, long step, string tag, double value)
    {
        (int summary, int entry) = BeginValue(time, step, tag);
        _message.Single(EventFields.SimpleValue, (float)value); // also 0: a member of a oneof is there or not
        return EndValue(summary, entry);
    }

    /// <summary>A distribution.</summary>
    public ReadOnlySpan<byte> Histogram(DateTimeOffset time, long step, string tag, HistogramBuckets buckets)
    {
        (int summary, int entry) = BeginValue(time, step, tag);
        int histogram = _message.Begin(EventFields.Histogram);
        Number(EventFields.Minimum, buckets.Minimum);
        Number(EventFields.Maximum, buckets.Maximum);
        Number(EventFields.Number, buckets.Count);
        Number(EventFields.Sum, buckets.Sum);
        Number(EventFields.SumOfSquares, buckets.SumOfSquares);
        _message.Doubles(EventFields.BucketLimit, buckets.Limits);
        _message.Doubles(EventFields.Bucket, buckets.Counts);
        _message.End(histogram);
        return EndValue(summary, entry);
    }

    /// <summary>A picture, as PNG.</summary>
    public ReadOnlySpan<byte> Image(DateTimeOffset time, long step, string tag, LogImage image)
    {
        (int summary, int entry) = BeginValue(time, step, tag);
        int picture = _message.Begin(EventFields.Image);
        _message.Integer(EventFields.ImageHeight, image.Height);
        _message.Integer(EventFields.ImageWidth, image.Width);
        _message.Integer(EventFields.ImageColorSpace, image.Channels);
        _message.Bytes(EventFields.ImageEncoded, Png.Encode(image.Width, image.Height, image.Channels, image.Pixels));
        _message.End(picture);
        return EndValue(summary, entry);
    }

    /// <summary>A text, for the text plugin.</summary>
    public ReadOnlySpan<byte> Text(DateTimeOffset time, long step, string tag, string text)
    {
        (int summary, int entry) = BeginValue(time, step, tag);
        int tensor = _message.Begin(EventFields.Tensor);
        _message.Integer(EventFields.ElementType, EventFields.StringElements);
        int shape = _message.Begin(EventFields.TensorShape);
        int dimension = _message.Begin(EventFields.Dimension);
        _message.Integer(EventFields.DimensionSize, 1);
        _message.End(dimension);
        _message.End(shape);
        _message.String(EventFields.StringValue, text);
        _message.End(tensor);
        int metadata = _message.Begin(EventFields.Metadata);
        int plugin = _message.Begin(EventFields.PluginData);
        _message.String(EventFields.PluginName, EventFields.TextPlugin);
        _message.End(plugin);
        _message.End(metadata);
        return EndValue(summary, entry);
    }

    /// <summary>Two records: what may be compared, and the values.</summary>
    public ReadOnlySpan<byte> Hyperparameters(
        DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics)
    {
        _records.ResetWrittenCount();
        Experiment(time, values, metrics);
        TfRecord.Write(_records, _message.Written);
        SessionStart(time, values);
        TfRecord.Write(_records, _message.Written);
        return _records.WrittenSpan;
    }

    /// <summary>How the run ended.</summary>
    public ReadOnlySpan<byte> End(DateTimeOffset time, RunOutcome outcome)
    {
        Span<int> marks = stackalloc int[PluginDepth];
        BeginPlugin(marks, time, EventFields.SessionEndTag, EventFields.SessionEndInfo);
        if (outcome != RunOutcome.Unknown)
        {
            _message.Integer(EventFields.EndStatus, (long)outcome);
        }
        EndAll(marks);
        return Record();
    }

    /// <summary>The graph of a computation.</summary>
    public ReadOnlySpan<byte> Graph(DateTimeOffset time, IReadOnlyList<GraphNode> nodes)
    {
        Begin(time, 0);
        int graph = _message.Begin(EventFields.GraphDefinition);
        foreach (GraphNode node in nodes)
        {
            int entry = _message.Begin(EventFields.Node);
            _message.String(EventFields.NodeName, node.Name);
            _message.String(EventFields.NodeOperation, node.Operation);
            foreach (string input in node.Inputs)
            {
                _message.String(EventFields.NodeInput, input);
            }
            OutputShape(node.Shape);
            _message.End(entry);
        }
        int versions = _message.Begin(EventFields.Versions);
        _message.Integer(EventFields.Producer, EventFields.GraphVersion);
        _message.End(versions);
        _message.End(graph);
        return Record();
    }

    private void OutputShape(Shape shape)
    {
        int attribute = _message.Begin(EventFields.NodeAttribute);
        _message.String(EventFields.MapKey, "_output_shapes");
        int value = _message.Begin(EventFields.MapValue);
        int list = _message.Begin(EventFields.AttributeList);
        int tensorShape = _message.Begin(EventFields.ListShape);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int dimension = _message.Begin(EventFields.Dimension);
            if (shape[axis] != 0)
            {
                _message.Integer(EventFields.DimensionSize, shape[axis]);
            }
            _message.End(dimension);
        }
        _message.End(tensorShape);
        _message.End(list);
        _message.End(value);
        _message.End(attribute);
    }

    private void Experiment(
        DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics)
    {
        Span<int> marks = stackalloc int[PluginDepth];
        BeginPlugin(marks, time, EventFields.ExperimentTag, EventFields.Experiment);
        foreach ((string name, HyperparameterValue value) in values)
        {
            int info = _message.Begin(EventFields.HyperparameterInfos);
            _message.String(EventFields.InfoName, name);
            _message.Integer(EventFields.InfoType, value.Kind switch
            {
                HyperparameterKind.Text => EventFields.StringType,
                HyperparameterKind.Truth => EventFields.BoolType,
                _ => EventFields.NumberType,
            });
            _message.End(info);
        }
        foreach (string metric in metrics)
        {
            int info = _message.Begin(EventFields.MetricInfos);
            int name = _message.Begin(EventFields.MetricName);
            _message.String(EventFields.MetricTag, metric);
            _message.End(name);
            _message.End(info);
        }
        EndAll(marks);
    }

    private void SessionStart(DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values)
    {
        Span<int> marks = stackalloc int[PluginDepth];
        BeginPlugin(marks, time, EventFields.SessionStartTag, EventFields.SessionStartInfo);
        foreach ((string name, HyperparameterValue value) in values)
        {
            int entry = _message.Begin(EventFields.Hyperparameters);
            _message.String(EventFields.MapKey, name);
            int mapped = _message.Begin(EventFields.MapValue);
            switch (value.Kind)
            {
                case HyperparameterKind.Text:
                    _message.String(EventFields.TextValue, value.Text);
                    break;
                case HyperparameterKind.Truth:
                    _message.Integer(EventFields.TruthValue, value.Truth ? 1 : 0);
                    break;
                default:
                    _message.Double(EventFields.NumberValue, value.Number);
                    break;
            }
            _message.End(mapped);
            _message.End(entry);
        }
        EndAll(marks);
    }

    private void Begin(DateTimeOffset time, long step)
    {
        _message.Clear();
        Number(EventFields.WallTime, (time.UtcTicks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond);
        if (step != 0)
        {
            _message.Integer(EventFields.Step, step);
        }
    }

    private (int Summary, int Value) BeginValue(DateTimeOffset time, long step, string tag)
    {
        Begin(time, step);
        int summary = _message.Begin(EventFields.Summary), value = _message.Begin(EventFields.SummaryValue);
        _message.String(EventFields.Tag, tag);
        return (summary, value);
    }

    private ReadOnlySpan<byte> EndValue(int summary, int value)
    {
        _message.End(value);
        _message.End(summary);
        return Record();
    }

    /// <summary>Begins a value that is all in its metadata, for the hyperparameter plugin.</summary>
    private void BeginPlugin(Span<int> marks, DateTimeOffset time, string tag, int field)
    {
        (marks[0], marks[1]) = BeginValue(time, 0, tag);
        marks[2] = _message.Begin(EventFields.Metadata);
        marks[3] = _message.Begin(EventFields.PluginData);
        _message.String(EventFields.PluginName, EventFields.HyperparametersPlugin);
        marks[4] = _message.Begin(EventFields.PluginContent);
        marks[5] = _message.Begin(field);
    }

    private void EndAll(Span<int> marks)
    {
        for (int i = marks.Length - 1; i >= 0; i--)
        {
            _message.End(marks[i]);
        }
    }

    /// <summary>A double unless it is the default, +0.</summary>
    private void Number(int field, double value)
    {
        if (BitConverter.DoubleToInt64Bits(value) != 0)
        {
            _message.Double(field, value);
        }
    }

    private ReadOnlySpan<byte> Record()
    {
        _records.ResetWrittenCount();
        TfRecord.Write(_records, _message.Written);
        return _records.WrittenSpan;
    }
}
