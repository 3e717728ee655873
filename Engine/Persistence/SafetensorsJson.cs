using System.Buffers;
using System.Text;

namespace Engine;

/// <summary>
/// Reads the header of a safetensors file: an object whose members are tensors and, under <c>__metadata__</c>, texts. Nothing else that
/// JSON has is admitted, so that an error is found where it is, and no two readers can understand a file differently.
/// </summary>
internal ref struct SafetensorsJson
{
    private const string MetadataName = "__metadata__";

    // ushort.TryParse would take a zero byte at the end
    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly string _file;
    private int _position;

    /// <summary>A reader of valid UTF-8.</summary>
    /// <param name="text">The header, which follows the eight bytes of its length.</param>
    /// <param name="file">What errors call the file.</param>
    public SafetensorsJson(ReadOnlySpan<byte> text, string file)
    {
        _text = text;
        _file = file;
    }

    /// <summary>Reads the whole header.</summary>
    /// <exception cref="MalformedFileException">It is not one.</exception>
    public (List<SafetensorsMember> Tensors, Dictionary<string, string> Metadata) Read()
    {
        List<SafetensorsMember> tensors = [];
        Dictionary<string, string> metadata = [];
        HashSet<string> names = [];
        // at once, though JSON has blanks before: the format demands that a header begins so
        Take('{', "'{' at the beginning of the header");
        if (!Takes('}'))
        {
            do
            {
                SkipBlanks();
                int start = _position;
                string name = ReadText("a name");
                if (!names.Add(name))
                {
                    throw Duplicate(start, name);
                }
                TakeNext(':');
                if (name == MetadataName)
                {
                    ReadMetadata(metadata);
                }
                else
                {
                    tensors.Add(ReadTensor(name, start));
                }
            }
            while (Takes(','));
            TakeNext('}');
        }
        SkipBlanks();
        return _position == _text.Length ? (tensors, metadata) : throw Unexpected("the end of the header");
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        TakeNext('{');
        if (Takes('}'))
        {
            return;
        }
        do
        {
            SkipBlanks();
            int start = _position;
            string key = ReadText("a name");
            TakeNext(':');
            SkipBlanks();
            if (!metadata.TryAdd(key, ReadText("a text")))
            {
                throw Duplicate(start, key);
            }
        }
        while (Takes(','));
        TakeNext('}');
    }

    private SafetensorsMember ReadTensor(string name, int start)
    {
        DataType? type = null;
        ulong[]? shape = null, offsets = null;
        TakeNext('{');
        do
        {
            SkipBlanks();
            int keyStart = _position;
            string key = ReadText("one of dtype, shape and data_offsets");
            TakeNext(':');
            SkipBlanks();
            int valueStart = _position;
            if ((key == "dtype" && type is not null) || (key == "shape" && shape is not null) || (
                key == "data_offsets" && offsets is not null))
            {
                throw Invalid(keyStart, $"got '{key}' of '{name}' twice, expected it once");
            }
            switch (key)
            {
                case "dtype":
                    string typeName = ReadText("the name of a type");
                    type = SafetensorsTypes.Find(typeName)
                        ?? throw Invalid(valueStart, $"got the type '{typeName}' of '{name}', expected one of safetensors");
                    break;
                case "shape":
                    shape = ReadNumbers();
                    break;
                case "data_offsets":
                    offsets = ReadNumbers();
                    if (offsets.Length != 2)
                    {
                        throw Invalid(valueStart, Text($"got {offsets.Length} offsets of '{name}', expected two"));
                    }
                    break;
                default:
                    throw Invalid(keyStart, $"got the field '{key}' of '{name}', expected one of dtype, shape and data_offsets");
            }
        }
        while (Takes(','));
        TakeNext('}');
        return type is { } known && shape is not null && offsets is not null
            ? new(name, known, shape, offsets[0], offsets[1], start)
            : throw Invalid(
                start, $"got '{name}' without {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}, expected it");
    }

    private ulong[] ReadNumbers()
    {
        List<ulong> numbers = [];
        TakeNext('[');
        if (Takes(']'))
        {
            return [];
        }
        do
        {
            SkipBlanks();
            numbers.Add(ReadNumber());
        }
        while (Takes(','));
        TakeNext(']');
        return [.. numbers];
    }

    private ulong ReadNumber()
    {
        int start = _position;
        ulong number = 0;
        while (_position < _text.Length && _text[_position] is >= (byte)'0' and <= (byte)'9' and byte digit)
        {
            ulong value = (ulong)(digit - '0');
            if (number > (ulong.MaxValue - value) / 10)
            {
                throw Invalid(start, "got a number beyond 64 bits, expected one up to 2⁶⁴ − 1");
            }
            number = 10 * number + value;
            _position++;
        }
        return _position == start ? throw Unexpected("a whole number from 0 on")
            : _text[start] == '0' && _position > start + 1 ? throw Invalid(start, "got a number that begins with 0, expected one without")
            : number;
    }

    private string ReadText(string expected)
    {
        Take('"', expected);
        int start = _position;
        int length = _text[start..].IndexOfAny((byte)'"', (byte)'\\');
        if (length >= 0 && _text[start + length] == '"')
        {
            ReadOnlySpan<byte> plain = _text.Slice(start, length);
            int control = plain.IndexOfAnyInRange((byte)0, (byte)0x1F);
            _position += control < 0 ? length + 1 : control;
            return control < 0 ? Encoding.UTF8.GetString(plain) : throw Unexpected("no control character in a text");
        }
        return ReadEscapedText(start);
    }

    private string ReadEscapedText(int start)
    {
        StringBuilder text = new();
        while (true)
        {
            int length = _text[_position..].IndexOfAny((byte)'"', (byte)'\\');
            ReadOnlySpan<byte> plain = length < 0 ? _text[_position..] : _text.Slice(_position, length);
            int control = plain.IndexOfAnyInRange((byte)0, (byte)0x1F);
            if (control >= 0 || length < 0)
            {
                _position += control >= 0 ? control : plain.Length;
                throw Unexpected(control >= 0 ? "no control character in a text" : "the end of a text");
            }
            text.Append(Encoding.UTF8.GetString(plain));
            _position += length + 1;
            if (_text[_position - 1] == '"')
            {
                break;
            }
            text.Append(ReadEscape());
        }
        string result = text.ToString();
        for (int i = 0; i < result.Length; i++)
        {
            if (char.IsHighSurrogate(result[i]) && i + 1 < result.Length && char.IsLowSurrogate(result[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(result[i]))
            {
                throw Invalid(start, "got half of a surrogate pair in a text, expected both halves");
            }
        }
        return result;
    }

    private char ReadEscape()
    {
        int start = _position - 1;
        byte kind = _position < _text.Length ? _text[_position] : (byte)0;
        _position++;
        switch (kind)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/': return (char)kind;
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'n': return '\n';
            case (byte)'r': return '\r';
            case (byte)'t': return '\t';
            case (byte)'u' when _position + 4 <= _text.Length && !_text.Slice(_position, 4).ContainsAnyExcept(s_hexDigits):
                int unit = 0;
                foreach (byte digit in _text.Slice(_position, 4))
                {
                    unit = 16 * unit + HexValue(digit);
                }
                _position += 4;
                return (char)unit;
            default:
                throw Invalid(
                    start, "got an escape that JSON does not have, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000");
        }
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    /// <summary>Takes a character after blanks, if it is there.</summary>
    private bool Takes(char character)
    {
        SkipBlanks();
        bool isThere = _position < _text.Length && _text[_position] == character;
        _position += isThere ? 1 : 0;
        return isThere;
    }

    private void TakeNext(char character)
    {
        SkipBlanks();
        Take(character, $"'{character}'");
    }

    private void Take(char character, string expected)
    {
        if (_position >= _text.Length || _text[_position] != character)
        {
            throw Unexpected(expected);
        }
        _position++;
    }

    private void SkipBlanks() => HeaderText.SkipBlanks(_text, ref _position);

    private readonly MalformedFileException Unexpected(string expected) =>
        Invalid(_position, HeaderText.Unexpected(_text, _position, expected));

    private readonly MalformedFileException Duplicate(int position, string name) =>
        new(_file, SafetensorsHeader.Start + position, FileDefect.DuplicateName, $"got the name '{name}' twice, expected it once");

    private readonly MalformedFileException Invalid(int position, string problem) =>
        new(_file, SafetensorsHeader.Start + position, FileDefect.InvalidHeader, problem);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
