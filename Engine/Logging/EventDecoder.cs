using Engine.Formats;

namespace Engine;

/// <summary>Decodes the messages of one file of events. Tags that come again are the same string.</summary>
internal sealed class EventDecoder
{
    private readonly Dictionary<string, string> _pluginOfTag = [];
    private readonly HashSet<string> _tags;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _knownTags;
    private char[] _characters = new char[64];

    /// <summary>Creates a decoder for a file, from its beginning.</summary>
    public EventDecoder()
    {
        _tags = new HashSet<string>(StringComparer.Ordinal);
        _knownTags = _tags.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Decodes a message <c>Event</c>.</summary>
    /// <exception cref="MalformedMessageException">It is none.</exception>
    public void Decode(ReadOnlySpan<byte> message, List<RunEvent> events)
    {
        double time = 0;
        long step = 0;
        int content = 0;
        ReadOnlySpan<byte> bytes = [];
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case EventFields.WallTime:
                    time = reader.Double();
                    break;
                case EventFields.Step:
                    step = reader.Integer();
                    break;
                case >= EventFields.FileVersion and < EventFields.SourceMetadata:
                    content = Only(content, reader.Field);
                    bytes = reader.Bytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        switch (content)
        {
            case 0:
                break;
            case EventFields.FileVersion:
                events.Add(new RunEvent.FileVersion(time, step, ProtobufReader.Text(bytes)));
                break;
            case EventFields.GraphDefinition:
                events.Add(new RunEvent.Graph(time, step, bytes.ToArray()));
                break;
            case EventFields.Summary:
                DecodeSummary(bytes, time, step, events);
                break;
            case EventFields.SessionLog when IntegerIn(bytes, EventFields.SessionStatus) == EventFields.SessionStarted:
                events.Add(new RunEvent.SessionStart(time, step));
                break;
            default:
                events.Add(new RunEvent.Other(time, step, "", ""));
                break;
        }
    }

    private void DecodeSummary(ReadOnlySpan<byte> message, double time, long step, List<RunEvent> events)
    {
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            if (reader.Field == EventFields.SummaryValue)
            {
                events.Add(DecodeValue(reader.Bytes(), time, step));
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private RunEvent DecodeValue(ReadOnlySpan<byte> message, double time, long step)
    {
        string tag = "", plugin = "";
        float simple = 0;
        int kind = 0;
        ReadOnlySpan<byte> value = [], content = [];
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case EventFields.Tag:
                    tag = Tag(reader.Bytes());
                    break;
                case EventFields.SimpleValue:
                    (kind, simple) = (Only(kind, EventFields.SimpleValue), reader.Single());
                    break;
                case EventFields.Image or EventFields.Histogram or EventFields.Tensor:
                    kind = Only(kind, reader.Field);
                    value = reader.Bytes();
                    break;
                case EventFields.Metadata:
                    ReadPlugin(reader.Bytes(), ref plugin, ref content);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (plugin.Length > 0)
        {
            _pluginOfTag.TryAdd(tag, plugin); // a tag's first value decides; later ones may leave it out
        }
        else
        {
            plugin = _pluginOfTag.GetValueOrDefault(tag, "");
        }
        return kind switch
        {
            EventFields.SimpleValue => new RunEvent.Scalar(time, step, tag, simple),
            EventFields.Histogram => new RunEvent.Histogram(time, step, tag, DecodeHistogram(value)),
            EventFields.Image => DecodeImage(value, time, step, tag),
            _ when plugin == EventFields.HyperparametersPlugin => HyperparameterDecoder.Decode(content, time, step, tag),
            EventFields.Tensor => TensorDecoder.Decode(value, time, step, tag, plugin),
            _ => new RunEvent.Other(time, step, tag, plugin),
        };
    }

    private void ReadPlugin(ReadOnlySpan<byte> metadata, ref string plugin, ref ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> data = BytesIn(metadata, EventFields.PluginData);
        plugin = Tag(BytesIn(data, EventFields.PluginName));
        content = BytesIn(data, EventFields.PluginContent);
    }

    private static RunEvent.Image DecodeImage(ReadOnlySpan<byte> message, double time, long step, string tag)
    {
        byte[] encoded = BytesIn(message, EventFields.ImageEncoded).ToArray();
        return new RunEvent.Image(
            time, step, tag, IntegerIn(message, EventFields.ImageWidth), IntegerIn(message, EventFields.ImageHeight), encoded);
    }

    private static HistogramSummary DecodeHistogram(ReadOnlySpan<byte> message)
    {
        int limits = 0, counts = 0;
        ProtobufReader lengths = new(message);
        while (lengths.Next())
        {
            switch (lengths.Field)
            {
                case EventFields.BucketLimit:
                    limits += lengths.CountDoubles();
                    break;
                case EventFields.Bucket:
                    counts += lengths.CountDoubles();
                    break;
                default:
                    lengths.Skip();
                    break;
            }
        }
        if (limits != counts)
        {
            throw ProtobufReader.Malformed($"got a histogram of {limits} limits and {counts} counts, expected as many of both");
        }
        double[] limit = new double[limits], count = new double[counts], moments = new double[EventFields.SumOfSquares + 1];
        (limits, counts) = (0, 0);
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case >= EventFields.Minimum and <= EventFields.SumOfSquares:
                    moments[reader.Field] = reader.Double();
                    break;
                case EventFields.BucketLimit:
                    limits += reader.CopyDoubles(limit.AsSpan(limits));
                    break;
                case EventFields.Bucket:
                    counts += reader.CopyDoubles(count.AsSpan(counts));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return new HistogramSummary(
            moments[EventFields.Minimum], moments[EventFields.Maximum], moments[EventFields.Number], moments[EventFields.Sum],
            moments[EventFields.SumOfSquares], limit, count);
    }

    /// <summary>The last value of a field of bytes; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> BytesIn(ReadOnlySpan<byte> message, int field)
    {
        ReadOnlySpan<byte> value = [];
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                value = reader.Bytes();
            }
            else
            {
                reader.Skip();
            }
        }
        return value;
    }

    /// <summary>The last value of a field of whole numbers; 0 if there is none.</summary>
    internal static long IntegerIn(ReadOnlySpan<byte> message, int field)
    {
        long value = 0;
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                value = reader.Integer();
            }
            else
            {
                reader.Skip();
            }
        }
        return value;
    }

    /// <summary>
    /// The one member of a choice. Of two, Protocol Buffers would merge equal ones and drop one of different ones; no writer writes two.
    /// </summary>
    private static int Only(int before, int field) => before == 0
        ? field
        : throw ProtobufReader.Malformed($"got the fields {before} and {field} of a choice, expected one of them");

    /// <summary>A string that is made once for each value.</summary>
    private string Tag(ReadOnlySpan<byte> utf8)
    {
        if (_characters.Length < utf8.Length)
        {
            _characters = new char[utf8.Length];
        }
        // where the bytes are no UTF-8, Text throws
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return ProtobufReader.Text(utf8);
        }
        int length = System.Text.Encoding.UTF8.GetChars(utf8, _characters);
        ReadOnlySpan<char> characters = _characters.AsSpan(0, length);
        if (!_knownTags.TryGetValue(characters, out string? tag))
        {
            tag = characters.ToString();
            _tags.Add(tag);
        }
        return tag;
    }
}
