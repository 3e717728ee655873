using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Engine;

/// <summary>
/// Reads the records of a CSV file in UTF-8, one at a time, into memory that is reused (RFC 4180): fields may be in quotes, and then
/// contain separators, line ends and doubled quotes. Lines end with LF or CR LF; empty lines are skipped.
/// </summary>
internal sealed class CsvRecords
{
    /// <summary>The most bytes in a record: a quote that is not closed would otherwise take in the rest of the file.</summary>
    public const int MostBytes = 1 << 24;

    private const int End = -1;

    private readonly DataStream _stream;
    private readonly byte _separator;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly List<byte> _record = [];
    private readonly List<int> _ends = [], _lines = [];
    private int _next, _buffered, _line = 1;
    private bool _isAfterLineEnd; // the line is counted when its first byte is read

    public CsvRecords(DataStream stream, char separator)
    {
        _stream = stream;
        _separator = (byte)separator;
        Refill();
        ReadOnlySpan<byte> start = _buffer.AsSpan(0, _buffered);
        if (start.StartsWith("\uFEFF"u8))
        {
            _next = 3; // the byte order mark of UTF-8
        }
        else if (start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new InvalidDataException($"Csv: {Name}: got text in UTF-16, expected UTF-8.");
        }
    }

    /// <summary>The name of the file.</summary>
    public string Name => _stream.Name;

    /// <summary>The line on which the record begins, from 1 on.</summary>
    public int Line => _lines[0];

    /// <summary>The number of fields in the record.</summary>
    public int FieldCount => _ends.Count;

    /// <summary>A field without its quotes; valid until the next record is read.</summary>
    public ReadOnlySpan<byte> this[int field] =>
        CollectionsMarshal.AsSpan(_record)[(field == 0 ? 0 : _ends[field - 1]).._ends[field]];

    /// <summary>The line on which a field begins, from 1 on.</summary>
    public int LineOf(int field) => _lines[field];

    /// <summary>A field as text for a message or a name.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(this[field]);

    /// <summary>Reads the next record; false at the end of the file.</summary>
    /// <exception cref="InvalidDataException">The quotes are wrong, or the record is too long.</exception>
    public bool Read()
    {
        _record.Clear();
        _ends.Clear();
        _lines.Clear();
        int next = Next();
        while (next is '\n' or '\r')
        {
            next = Next();
        }
        if (next == End)
        {
            return false;
        }
        while (true)
        {
            _lines.Add(_line);
            next = next == '"' ? QuotedField() : PlainField(next);
            _ends.Add(_record.Count);
            if (next != _separator)
            {
                return true;
            }
            next = Next();
        }
    }

    /// <summary>Reads a field whose first byte is given; returns what ended it.</summary>
    private int PlainField(int next)
    {
        while (next != End && next != _separator && next != '\n')
        {
            if (next == '"')
            {
                throw Wrong("a quote inside a field without quotes", "quotes around the whole field");
            }
            if (next == '\r' && Peek() is '\n' or End)
            {
                return Next();
            }
            Add(next);
            next = Next();
        }
        return next;
    }

    /// <summary>Reads a field after its opening quote; returns what follows the closing one.</summary>
    private int QuotedField()
    {
        while (true)
        {
            int next = Next();
            if (next == End)
            {
                throw Wrong("a quote that is not closed", "a closing quote before the end of the file");
            }
            if (next == '"')
            {
                next = Next();
                if (next != '"')
                {
                    return AfterQuotes(next);
                }
            }
            Add(next);
        }
    }

    private int AfterQuotes(int next)
    {
        if (next == '\r' && Peek() is '\n' or End)
        {
            return Next();
        }
        return next == End || next == '\n' || next == _separator
            ? next
            : throw Wrong("text after the closing quote", "a separator or the end of the line");
    }

    private void Add(int value)
    {
        if (_record.Count == MostBytes)
        {
            throw Wrong(
                string.Create(CultureInfo.InvariantCulture, $"a record of more than {MostBytes} bytes"),
                "a line end or a closing quote before");
        }
        _record.Add((byte)value);
    }

    private InvalidDataException Wrong(string got, string expected) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Csv: {Name}, line {_lines[^1]}, column {_lines.Count}: got {got}, expected {expected}."));

    private int Peek()
    {
        if (_next == _buffered)
        {
            Refill();
        }
        return _next == _buffered ? End : _buffer[_next];
    }

    private int Next()
    {
        int next = Peek();
        if (next != End)
        {
            _next++;
            _line += _isAfterLineEnd ? 1 : 0;
            _isAfterLineEnd = next == '\n';
        }
        return next;
    }

    private void Refill()
    {
        _buffered = _stream.Read(_buffer);
        _next = 0;
    }
}
