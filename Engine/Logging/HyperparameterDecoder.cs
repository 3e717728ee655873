using Engine.Formats;

namespace Engine;

/// <summary>Decodes what TensorBoard's hyperparameter plugin keeps in the metadata of a value.</summary>
internal static class HyperparameterDecoder
{
    /// <summary>Decodes a message <c>HParamsPluginData</c>.</summary>
    public static RunEvent Decode(ReadOnlySpan<byte> message, double time, long step, string tag)
    {
        RunEvent result = new RunEvent.Other(time, step, tag, EventFields.HyperparametersPlugin);
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case EventFields.Experiment:
                    result = new RunEvent.ComparedMetrics(time, step, Metrics(reader.Bytes()));
                    break;
                case EventFields.SessionStartInfo:
                    result = new RunEvent.Hyperparameters(time, step, Values(reader.Bytes()));
                    break;
                case EventFields.SessionEndInfo:
                    long status = EventDecoder.IntegerIn(reader.Bytes(), EventFields.EndStatus);
                    result = new RunEvent.Ended(
                        time, step, status is > 0 and <= (long)RunOutcome.Running ? (RunOutcome)status : RunOutcome.Unknown);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return result;
    }

    private static List<string> Metrics(ReadOnlySpan<byte> experiment)
    {
        List<string> tags = [];
        ProtobufReader reader = new(experiment);
        while (reader.Next())
        {
            if (reader.Field == EventFields.MetricInfos)
            {
                ReadOnlySpan<byte> name = EventDecoder.BytesIn(reader.Bytes(), EventFields.MetricName);
                tags.Add(ProtobufReader.Text(EventDecoder.BytesIn(name, EventFields.MetricTag)));
            }
            else
            {
                reader.Skip();
            }
        }
        return tags;
    }

    private static Dictionary<string, HyperparameterValue> Values(ReadOnlySpan<byte> start)
    {
        Dictionary<string, HyperparameterValue> values = [];
        ProtobufReader reader = new(start);
        while (reader.Next())
        {
            if (reader.Field == EventFields.Hyperparameters)
            {
                ReadOnlySpan<byte> entry = reader.Bytes();
                string name = ProtobufReader.Text(EventDecoder.BytesIn(entry, EventFields.MapKey));
                values[name] = Value(EventDecoder.BytesIn(entry, EventFields.MapValue));
            }
            else
            {
                reader.Skip();
            }
        }
        return values;
    }

    /// <summary>A message <c>google.protobuf.Value</c>; nulls, lists and objects become an empty text.</summary>
    private static HyperparameterValue Value(ReadOnlySpan<byte> message)
    {
        HyperparameterValue value = "";
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case EventFields.NumberValue:
                    value = reader.Double();
                    break;
                case EventFields.TextValue:
                    value = reader.String();
                    break;
                case EventFields.BooleanValue:
                    value = reader.Integer() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return value;
    }
}
