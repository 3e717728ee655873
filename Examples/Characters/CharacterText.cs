using System.Text;
using Engine;

namespace Examples.Characters;

/// <summary>A text as numbers, in pieces of one length, every tenth of which is held out.</summary>
internal sealed class CharacterText
{
    private const int HeldOutEach = 10;

    private readonly Rune[] _symbols;

    /// <summary>Cuts a text into pieces; what is left at its end is dropped.</summary>
    /// <param name="text">A text of at least ten pieces and one character.</param>
    /// <param name="length">The characters of a piece.</param>
    /// <exception cref="ArgumentException">The text is too short.</exception>
    public CharacterText(string text, int length)
    {
        Rune[] characters = [.. text.EnumerateRunes()];
        int pieces = (characters.Length - 1) / length;
        if (pieces < HeldOutEach)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"CharacterText: got {characters.Length} characters, expected at least {HeldOutEach * length + 1}."), nameof(text));
        }
        _symbols = [.. characters.Distinct().Order()];
        int[] codes = [.. characters.Select(Code)];
        List<int[]> train = [], test = [];
        for (int i = 0; i < pieces; i++)
        {
            // with the character after it, which is the last answer
            (i % HeldOutEach == HeldOutEach - 1 ? test : train).Add(codes[(i * length)..((i + 1) * length + 1)]);
        }
        (Length, TrainPieces, TestPieces) = (length, train, test);
    }

    /// <summary>The characters of a piece.</summary>
    public int Length { get; }

    /// <summary>The number of different characters.</summary>
    public int SymbolCount => _symbols.Length;

    /// <summary>The pieces to train on, each with the character after it.</summary>
    public IReadOnlyList<int[]> TrainPieces { get; }

    /// <summary>The pieces held out, each with the character after it.</summary>
    public IReadOnlyList<int[]> TestPieces { get; }

    /// <summary>Pieces as a data set: inputs of [pieces, length], targets of the same shape, one character further.</summary>
    public Dataset<float> ToDataset(IReadOnlyList<int[]> pieces) => new(Tensor(pieces, 0), Tensor(pieces, 1));

    /// <summary>The number of a character of the text.</summary>
    public int Code(Rune character) => Array.BinarySearch(_symbols, character);

    /// <summary>The text of numbers.</summary>
    public string Decode(IEnumerable<int> codes) => string.Concat(codes.Select(code => _symbols[code].ToString()));

    private Tensor<float> Tensor(IReadOnlyList<int[]> pieces, int first) => Tensor<float>.From(
        [.. pieces.SelectMany(piece => piece.Skip(first).Take(Length), (_, code) => (float)code)], [pieces.Count, Length]);
}
