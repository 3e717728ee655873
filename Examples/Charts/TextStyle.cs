namespace Examples.Charts;

/// <summary>How text is written.</summary>
/// <param name="Paint">Its color.</param>
/// <param name="Size">The size of its font in pixels.</param>
/// <param name="Weight">400 for regular, 600 for semibold.</param>
internal sealed record TextStyle(Paint Paint, double Size, int Weight = 400)
{
    /// <summary>At least the width of <paramref name="text"/> in pixels, in fonts as wide as DejaVu Sans.</summary>
    public double WidthOf(string text) => text.Length * Size * (Weight > 400 ? 0.68 : 0.62);

    /// <summary>The text if it fits into <paramref name="width"/> pixels, otherwise its beginning and an ellipsis.</summary>
    public string Fit(string text, double width)
    {
        int fitting = Math.Max(1, (int)(width / WidthOf("m")));
        if (text.Length <= fitting)
        {
            return text;
        }
        int kept = fitting - 1;
        return $"{text[..(kept > 0 && char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept)]}…";
    }
}
