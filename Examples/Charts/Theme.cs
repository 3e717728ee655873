using System.Text;

namespace Examples.Charts;

/// <summary>The colors, fonts and lines of every picture.</summary>
internal static class Theme
{
    /// <summary>Fonts that are there, from the reader's own to any without serifs.</summary>
    public const string Fonts = "system-ui, Helvetica, Arial, sans-serif";

    private const string Circle = "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z", Square = "M-3.2 -3.2h6.4v6.4h-6.4z",
        Triangle = "M0 -4.4L4.2 3.2H-4.2z", Diamond = "M0 -4.6L4.6 0L0 4.6L-4.6 0z", Downward = "M0 4.4L4.2 -3.2H-4.2z",
        Plus = "M-1.3 -4.2h2.6v2.9h2.9v2.6h-2.9v2.9h-2.6v-2.9h-2.9v-2.6h2.9z";

    /// <summary>The background.</summary>
    public static Paint Paper { get; } = new("paper", "#ffffff", "#111111");

    /// <summary>Text.</summary>
    public static Paint Ink { get; } = new("ink", "#1a1a1a", "#ececec");

    /// <summary>Axes, and text of second rank.</summary>
    public static Paint Muted { get; } = new("muted", "#555555", "#a8a8a8");

    /// <summary>Lines that may only just be seen.</summary>
    public static Paint Faint { get; } = new("faint", "#e4e4e4", "#333333");

    /// <summary>Contours: seen, but behind everything drawn over them.</summary>
    public static Paint Relief { get; } = new("relief", "#b4b4b4", "#5c5c5c");

    /// <summary>The title of a picture.</summary>
    public static TextStyle Heading { get; } = new(Ink, 17, 600);

    /// <summary>The title of a chart.</summary>
    public static TextStyle Title { get; } = new(Ink, 12, 600);

    /// <summary>Names of lines, rows and columns.</summary>
    public static TextStyle Label { get; } = new(Ink, 12);

    /// <summary>Explanations, and the numbers at an axis.</summary>
    public static TextStyle Note { get; } = new(Muted, 12);

    /// <summary>The heights of contours.</summary>
    public static TextStyle Small { get; } = new(Muted, 10);

    /// <summary>A number on a strongly colored ground.</summary>
    public static TextStyle Reversed { get; } = new(Paper, 12, 600);

    /// <summary>An axis and its ticks.</summary>
    public static Stroke AxisLine { get; } = new(Muted, 1);

    /// <summary>A line at a tick, across the chart.</summary>
    public static Stroke GridLine { get; } = new(Faint, 1);

    /// <summary>A value to reach.</summary>
    public static Stroke TargetLine { get; } = new(Muted, 1, "4 4");

    /// <summary>The cross at a marked point.</summary>
    public static Stroke MarkLine { get; } = new(Ink, 1.6);

    /// <summary>A contour.</summary>
    public static Stroke ContourLine { get; } = new(Relief, 1);

    /// <summary>
    /// The looks of lines. On white they have the colors of Okabe and Ito, "Color Universal Design" (2008), which color-blind readers can
    /// tell apart, without the yellow, which white swallows; on black the same hues, lighter.
    /// </summary>
    public static IReadOnlyList<SeriesStyle> Styles { get; } =
    [
        new(new("blue", "#0072b2", "#4aa3df"), null, Circle),
        new(new("vermilion", "#d55e00", "#f08a3c"), "7 3", Square),
        new(new("green", "#009e73", "#2fc79b"), "2 3", Triangle),
        new(new("purple", "#cc79a7", "#e3a1c5"), "9 3 2 3", Diamond),
        new(new("orange", "#e69f00", "#f5c04a"), "14 4", Downward),
        new(new("sky", "#56b4e9", "#a5dcfa"), "5 2 2 2 2 2", Plus),
    ];

    /// <summary>The look at a position, beyond the end again from the start.</summary>
    public static SeriesStyle Style(int position) => Styles[position % Styles.Count];

    /// <summary>The style sheet: for readers with a dark screen it replaces the colors that the elements have of themselves.</summary>
    public static string StyleSheet()
    {
        StringBuilder sheet = new("@media (prefers-color-scheme: dark) {");
        foreach (Paint paint in (Paint[])[Paper, Ink, Muted, Faint, Relief, .. Styles.Select(style => style.Paint)])
        {
            sheet.Append($" .{paint.Name}-fill {{ fill: {paint.Dark} }} .{paint.Name}-stroke {{ stroke: {paint.Dark} }}");
        }
        return sheet.Append(" }").ToString();
    }
}
