namespace Engine;

/// <summary>What the readers of headers that are texts share.</summary>
internal static class HeaderText
{
    /// <summary>Moves a position past blanks.</summary>
    public static void SkipBlanks(ReadOnlySpan<byte> text, ref int position)
    {
        while (position < text.Length && text[position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            position++;
        }
    }

    /// <summary>What stands at a position, and what was expected there.</summary>
    public static string Unexpected(ReadOnlySpan<byte> text, int position, string expected) =>
        position >= text.Length ? $"got the end of the header, expected {expected}"
        : text[position] is > 0x20 and < 0x7F and byte character ? $"got '{(char)character}', expected {expected}"
        : FormattableString.Invariant($"got the byte 0x{text[position]:X2}, expected {expected}");
}
