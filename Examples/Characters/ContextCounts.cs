namespace Examples.Characters;

/// <summary>
/// How often each character followed the characters before it: what a network must beat. The probability of x after a context c of k
/// characters is (n(cx) + β·p(x | c without its first))/(n(c) + β) with counts n, and 1/symbols below no context.
/// </summary>
internal sealed class ContextCounts
{
    private const double Smoothing = 4; // β

    /// <summary>A mark that is no character's number: with it, a context is counted.</summary>
    private const char End = char.MaxValue;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly int _symbols;

    /// <summary>Counts.</summary>
    /// <param name="pieces">The pieces of a text.</param>
    /// <param name="symbols">The number of different characters.</param>
    /// <param name="context">The most characters before one that are looked at.</param>
    public ContextCounts(IEnumerable<int[]> pieces, int symbols, int context)
    {
        (_symbols, MostContext) = (symbols, context);
        foreach (string text in pieces.Select(Text))
        {
            for (int end = 1; end < text.Length; end++)
            {
                for (int length = 0; length <= Math.Min(context, end); length++)
                {
                    Add(text[(end - length)..(end + 1)]);
                    Add(text[(end - length)..end] + End);
                }
            }
        }
    }

    /// <summary>The most characters before one that were looked at.</summary>
    public int MostContext { get; }

    /// <summary>The mean of −log₂ p over the characters of pieces but their first.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="context">The characters before one that are looked at, at most <see cref="MostContext"/>.</param>
    public double Bits(IEnumerable<int[]> pieces, int context)
    {
        double sum = 0;
        int count = 0;
        foreach (string text in pieces.Select(Text))
        {
            for (int end = 1; end < text.Length; end++, count++)
            {
                sum -= Math.Log2(Probability(text.AsSpan(Math.Max(0, end - context), Math.Min(end, context)), text[end]));
            }
        }
        return sum / count;
    }

    private double Probability(ReadOnlySpan<char> context, char next)
    {
        double probability = 1.0 / _symbols;
        for (int start = context.Length; start >= 0; start--)
        {
            string known = context[start..].ToString();
            probability = (_counts.GetValueOrDefault(known + next) + Smoothing * probability)
                / (_counts.GetValueOrDefault(known + End) + Smoothing);
        }
        return probability;
    }

    private void Add(string text) => _counts[text] = _counts.GetValueOrDefault(text) + 1;

    private static string Text(int[] piece) => string.Concat(piece.Select(code => (char)code));
}
