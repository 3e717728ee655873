namespace Engine.Formats;

/// <summary>
/// Writes a message with messages inside it, in order: <see cref="Begin"/>, fields, <see cref="End"/>. Each depth has a writer that is used
/// again, so that nothing is allocated once they have their size. What it writes is written, be it a default or not.
/// </summary>
internal sealed class MessageWriter
{
    private readonly List<ProtobufWriter> _writers = [new()];
    private readonly List<int> _fields = [];

    /// <summary>The whole message, when every message inside it has ended.</summary>
    public ReadOnlySpan<byte> Written => _writers[0].Written;

    private ProtobufWriter Current => _writers[_fields.Count];

    /// <summary>Begins anew, in the same memory.</summary>
    public void Clear()
    {
        _fields.Clear();
        _writers[0].Clear();
    }

    /// <summary>Writes an int32, int64, bool or enum.</summary>
    public void Integer(int field, long value) => Current.Varint(field, value);

    /// <summary>Writes a double.</summary>
    public void Double(int field, double value) => Current.Double(field, value);

    /// <summary>Writes a float.</summary>
    public void Single(int field, float value) => Current.Float(field, value);

    /// <summary>Writes a string; a half of a surrogate pair without the other becomes U+FFFD.</summary>
    public void String(int field, string value) => Current.Text(field, value);

    /// <summary>Writes bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value) => Current.Bytes(field, value);

    /// <summary>Writes repeated doubles, packed.</summary>
    public void Doubles(int field, ReadOnlySpan<double> values) => Current.PackedDoubles(field, values);

    /// <summary>Begins a message inside the current one.</summary>
    public void Begin(int field)
    {
        _fields.Add(field);
        if (_writers.Count == _fields.Count)
        {
            _writers.Add(new ProtobufWriter());
        }
        Current.Clear();
    }

    /// <summary>Ends the message that began last.</summary>
    public void End()
    {
        ProtobufWriter ended = Current;
        int field = _fields[^1];
        _fields.RemoveAt(_fields.Count - 1);
        Current.Message(field, ended);
    }
}
