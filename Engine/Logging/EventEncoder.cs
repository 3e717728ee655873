using System.Buffers;
using Engine.Formats;

namespace Engine;

/// <summary>Encodes events as records of a file; each result is valid until the next call. A warm call allocates nothing.</summary>
internal sealed class EventEncoder
{
    /// <summary>The messages inside each other in what the hyperparameter plugin reads.</summary>
    private const int PluginDepth = 6;

    private readonly MessageWriter _message = new();
    private readonly ArrayBufferWriter<byte> _records = new(256);

    /// <summary>The first record of every file.</summary>
    public ReadOnlySpan<byte> FileVersion(DateTimeOffset time, long step)
    {
        Begin(time, step);
        _message.String(EventFields.FileVersion, EventFields.EventVersion);
        _message.Begin(EventFields.SourceMetadata);
        _message.String(EventFields.Writer, EventFields.WriterName);
        _message.End();
        return Record();
    }

    /// <summary>That a run is taken up at this step.</summary>
    public ReadOnlySpan<byte> SessionStart(DateTimeOffset time, long step)
    {
        Begin(time, step);
        _message.Begin(EventFields.SessionLog);
        _message.Integer(EventFields.SessionStatus, EventFields.SessionStarted);
        _message.End();
        return Record();
    }

    /// <summary>A number.</summary>
    public ReadOnlySpan<byte> Scalar(DateTimeOffset time, long step, string tag, double value)
    {
        BeginValue(time, step, tag);
        _message.Single(EventFields.SimpleValue, (float)value); // also 0: a member of a oneof is there or not
        return EndValue();
    }

    /// <summary>A distribution.</summary>
    public ReadOnlySpan<byte> Histogram(DateTimeOffset time, long step, string tag, HistogramBuckets buckets)
    {
        BeginValue(time, step, tag);
        _message.Begin(EventFields.Histogram);
        Number(EventFields.Minimum, buckets.Minimum);
        Number(EventFields.Maximum, buckets.Maximum);
        Number(EventFields.Number, buckets.Count);
        Number(EventFields.Sum, buckets.Sum);
        Number(EventFields.SumOfSquares, buckets.SumOfSquares);
        _message.Doubles(EventFields.BucketLimit, buckets.Limits);
        _message.Doubles(EventFields.Bucket, buckets.Counts);
        _message.End();
        return EndValue();
    }

    /// <summary>A picture, as PNG.</summary>
    public ReadOnlySpan<byte> Image(DateTimeOffset time, long step, string tag, LogImage image)
    {
        BeginValue(time, step, tag);
        _message.Begin(EventFields.Image);
        _message.Integer(EventFields.ImageHeight, image.Height);
        _message.Integer(EventFields.ImageWidth, image.Width);
        _message.Integer(EventFields.ImageColorSpace, image.Channels);
        _message.Bytes(EventFields.ImageEncoded, Png.Encode(image.Width, image.Height, image.Channels, image.Pixels));
        _message.End();
        return EndValue();
    }

    /// <summary>A text, for the text plugin.</summary>
    public ReadOnlySpan<byte> Text(DateTimeOffset time, long step, string tag, string text)
    {
        BeginValue(time, step, tag);
        _message.Begin(EventFields.Tensor);
        _message.Integer(EventFields.ElementType, EventFields.StringElements);
        _message.Begin(EventFields.TensorShape);
        _message.Begin(EventFields.Dimension);
        _message.Integer(EventFields.DimensionSize, 1);
        _message.End();
        _message.End();
        _message.String(EventFields.StringValue, text);
        _message.End();
        _message.Begin(EventFields.Metadata);
        _message.Begin(EventFields.PluginData);
        _message.String(EventFields.PluginName, EventFields.TextPlugin);
        _message.End();
        _message.End();
        return EndValue();
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
        BeginPlugin(time, EventFields.SessionEndTag, EventFields.SessionEndInfo);
        if (outcome != RunOutcome.Unknown)
        {
            _message.Integer(EventFields.EndStatus, (long)outcome);
        }
        EndPlugin();
        return Record();
    }

    /// <summary>The graph of a computation.</summary>
    public ReadOnlySpan<byte> Graph(DateTimeOffset time, IReadOnlyList<GraphNode> nodes)
    {
        Begin(time, 0);
        _message.Begin(EventFields.GraphDefinition);
        foreach (GraphNode node in nodes)
        {
            _message.Begin(EventFields.Node);
            _message.String(EventFields.NodeName, node.Name);
            _message.String(EventFields.NodeOperation, node.Operation);
            foreach (string input in node.Inputs)
            {
                _message.String(EventFields.NodeInput, input);
            }
            OutputShape(node.Shape);
            _message.End();
        }
        _message.Begin(EventFields.Versions);
        _message.Integer(EventFields.Producer, EventFields.GraphVersion);
        _message.End();
        _message.End();
        return Record();
    }

    private void OutputShape(Shape shape)
    {
        _message.Begin(EventFields.NodeAttribute);
        _message.String(EventFields.MapKey, "_output_shapes");
        _message.Begin(EventFields.MapValue);
        _message.Begin(EventFields.AttributeList);
        _message.Begin(EventFields.ListShape);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            _message.Begin(EventFields.Dimension);
            if (shape[axis] != 0)
            {
                _message.Integer(EventFields.DimensionSize, shape[axis]);
            }
            _message.End();
        }
        _message.End();
        _message.End();
        _message.End();
        _message.End();
    }

    private void Experiment(
        DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics)
    {
        BeginPlugin(time, EventFields.ExperimentTag, EventFields.Experiment);
        foreach ((string name, HyperparameterValue value) in values)
        {
            _message.Begin(EventFields.HyperparameterInfos);
            _message.String(EventFields.InfoName, name);
            _message.Integer(EventFields.InfoType, value.Kind switch
            {
                HyperparameterKind.Text => EventFields.StringType,
                HyperparameterKind.Boolean => EventFields.BoolType,
                _ => EventFields.NumberType,
            });
            _message.End();
        }
        foreach (string metric in metrics)
        {
            _message.Begin(EventFields.MetricInfos);
            _message.Begin(EventFields.MetricName);
            _message.String(EventFields.MetricTag, metric);
            _message.End();
            _message.End();
        }
        EndPlugin();
    }

    private void SessionStart(DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values)
    {
        BeginPlugin(time, EventFields.SessionStartTag, EventFields.SessionStartInfo);
        foreach ((string name, HyperparameterValue value) in values)
        {
            _message.Begin(EventFields.Hyperparameters);
            _message.String(EventFields.MapKey, name);
            _message.Begin(EventFields.MapValue);
            switch (value.Kind)
            {
                case HyperparameterKind.Text:
                    _message.String(EventFields.TextValue, value.Text);
                    break;
                case HyperparameterKind.Boolean:
                    _message.Integer(EventFields.BooleanValue, value.Boolean ? 1 : 0);
                    break;
                default:
                    _message.Double(EventFields.NumberValue, value.Number);
                    break;
            }
            _message.End();
            _message.End();
        }
        EndPlugin();
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

    private void BeginValue(DateTimeOffset time, long step, string tag)
    {
        Begin(time, step);
        _message.Begin(EventFields.Summary);
        _message.Begin(EventFields.SummaryValue);
        _message.String(EventFields.Tag, tag);
    }

    private ReadOnlySpan<byte> EndValue()
    {
        _message.End();
        _message.End();
        return Record();
    }

    /// <summary>Begins a value that is all in its metadata, for the hyperparameter plugin.</summary>
    private void BeginPlugin(DateTimeOffset time, string tag, int field)
    {
        BeginValue(time, 0, tag);
        _message.Begin(EventFields.Metadata);
        _message.Begin(EventFields.PluginData);
        _message.String(EventFields.PluginName, EventFields.HyperparametersPlugin);
        _message.Begin(EventFields.PluginContent);
        _message.Begin(field);
    }

    private void EndPlugin()
    {
        for (int i = 0; i < PluginDepth; i++)
        {
            _message.End();
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
