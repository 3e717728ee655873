namespace Examples.Charts;

/// <summary>How text is written.</summary>
/// <param name="Paint">Its color.</param>
/// <param name="Size">The size of its font in pixels.</param>
/// <param name="Weight">400 for regular, 600 for semibold.</param>
internal sealed record TextStyle(Paint Paint, double Size, int Weight = 400)
{
    private const string Narrow = "iIjl.,:;'|!()[]/tfr -", Wide = "mwMW%@…—";

    /// <summary>The width of <paramref name="text"/> in pixels in DejaVu Sans, which is wider than most fonts, to about a tenth.</summary>
    public double WidthOf(string text) => text.Sum(WidthOf) * Size * (Weight > 400 ? 1.12 : 1);

    /// <summary>The text if it fits into <paramref name="width"/> pixels, otherwise its beginning and an ellipsis.</summary>
    public string Fit(string text, double width)
    {
        const double rounding = 1e-6;
        if (WidthOf(text) <= width + rounding)
        {
            return text;
        }
        int kept = text.Length - 1;
        while (kept > 0 && (WidthOf($"{text.AsSpan(0, kept)}…") > width || char.IsHighSurrogate(text[kept - 1])))
        {
            kept--;
        }
        return $"{text.AsSpan(0, kept)}…";
    }

    /// <summary>In units of the font's size.</summary>
    private static double WidthOf(char letter) =>
        Narrow.Contains(letter) ? 0.4 : Wide.Contains(letter) ? 0.97 : char.IsUpper(letter) ? 0.74 : 0.635;
}
