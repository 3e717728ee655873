using System.Text;

namespace Engine;

/// <summary>
/// Reads the header of an .npy file: a Python dictionary with the keys <c>descr</c>, <c>fortran_order</c> and <c>shape</c>, in any order.
/// </summary>
internal ref struct NpyLiteral
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _start;
    private readonly string _file;
    private int _position;

    /// <summary>A reader of a header.</summary>
    /// <param name="text">The header.</param>
    /// <param name="start">Where it begins in the file.</param>
    /// <param name="file">What errors call the file.</param>
    public NpyLiteral(ReadOnlySpan<byte> text, int start, string file)
    {
        _text = text;
        _start = start;
        _file = file;
    }

    /// <summary>Reads the whole header.</summary>
    /// <exception cref="MalformedFileException">It is not one.</exception>
    public (string Type, bool IsColumnMajor, long[] Shape) Read()
    {
        string? type = null;
        bool? isColumnMajor = null;
        long[]? shape = null;
        Take('{');
        while (!Takes('}'))
        {
            SkipBlanks();
            int start = _position;
            string key = ReadText();
            if ((key == "descr" && type is not null) || (key == "fortran_order" && isColumnMajor is not null)
                || (key == "shape" && shape is not null))
            {
                throw new MalformedFileException(
                    _file, _start + start, FileDefect.DuplicateName, $"got the key '{key}' twice, expected it once");
            }
            Take(':');
            switch (key)
            {
                case "descr": type = ReadType(); break;
                case "fortran_order": isColumnMajor = ReadBool(); break;
                case "shape": shape = ReadShape(); break;
                default: throw Invalid(start, $"got the key '{key}', expected one of descr, fortran_order and shape");
            }
            if (!Takes(','))
            {
                Take('}');
                break;
            }
        }
        SkipBlanks();
        return _position < _text.Length ? throw Unexpected("the end of the header")
            : type is null || isColumnMajor is null || shape is null
            ? throw Invalid(0, $"got a header without {(type is null ? "descr" : shape is null ? "shape" : "fortran_order")}, expected it")
            : (type, isColumnMajor.Value, shape);
    }

    /// <summary>The name of a type; a list is that of a record, which has several.</summary>
    private string ReadType()
    {
        SkipBlanks();
        return _position < _text.Length && _text[_position] == '['
            ? throw new MalformedFileException(
                _file, _start + _position, FileDefect.UnsupportedType, "got elements that are records, expected numbers")
            : ReadText();
    }

    private bool ReadBool()
    {
        SkipBlanks();
        bool isTrue = _text[_position..].StartsWith("True"u8);
        if (!isTrue && !_text[_position..].StartsWith("False"u8))
        {
            throw Unexpected("True or False");
        }
        _position += isTrue ? 4 : 5;
        return isTrue;
    }

    /// <summary>A tuple of numbers: (), (3,), (3, 4) or (3, 4,), also with the suffix that long integers have in Python 2.</summary>
    private long[] ReadShape()
    {
        List<long> shape = [];
        Take('(');
        while (!Takes(')'))
        {
            SkipBlanks();
            shape.Add(ReadNumber());
            if (_position < _text.Length && _text[_position] == 'L')
            {
                _position++;
            }
            if (!Takes(','))
            {
                if (shape.Count == 1)
                {
                    SkipBlanks();
                    throw Unexpected("',' after the only number of a tuple");
                }
                Take(')');
                break;
            }
        }
        return [.. shape];
    }

    private long ReadNumber()
    {
        int start = _position;
        long number = 0;
        while (_position < _text.Length && _text[_position] is >= (byte)'0' and <= (byte)'9' and byte digit)
        {
            int value = digit - '0';
            if (number > (long.MaxValue - value) / 10)
            {
                throw new MalformedFileException(
                    _file, _start + start, FileDefect.Overflow, "got an extent beyond 63 bits, expected one up to 2⁶³ − 1");
            }
            number = 10 * number + value;
            _position++;
        }
        return _position == start ? throw Unexpected("an extent from 0 on")
            : _text[start] == '0' && _position > start + 1 ? throw Invalid(start, "got an extent that begins with 0, expected one without")
            : number;
    }

    /// <summary>A text in single or double quotes. No key and no type has an escape.</summary>
    private string ReadText()
    {
        SkipBlanks();
        if (_position >= _text.Length || _text[_position] is not ((byte)'\'' or (byte)'"'))
        {
            throw Unexpected("a text in quotes");
        }
        int length = _text[(_position + 1)..].IndexOf(_text[_position]);
        ReadOnlySpan<byte> text = length < 0 ? _text[(_position + 1)..] : _text.Slice(_position + 1, length);
        int strange = text.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        int escape = text.IndexOf((byte)'\\');
        if (length < 0 || strange >= 0 || escape >= 0)
        {
            _position += 1 + (strange >= 0 ? strange : escape >= 0 ? escape : text.Length);
            throw Unexpected("a text in quotes without escapes, control characters and others beyond ASCII");
        }
        _position += length + 2;
        return Encoding.ASCII.GetString(text);
    }

    private bool Takes(char character)
    {
        SkipBlanks();
        bool isThere = _position < _text.Length && _text[_position] == character;
        _position += isThere ? 1 : 0;
        return isThere;
    }

    private void Take(char character)
    {
        if (!Takes(character))
        {
            throw Unexpected($"'{character}'");
        }
    }

    private void SkipBlanks() => HeaderText.SkipBlanks(_text, ref _position);

    private readonly MalformedFileException Unexpected(string expected) =>
        Invalid(_position, HeaderText.Unexpected(_text, _position, expected));

    private readonly MalformedFileException Invalid(int position, string problem) =>
        new(_file, _start + position, FileDefect.InvalidHeader, problem);
}
