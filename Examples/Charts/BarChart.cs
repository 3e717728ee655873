namespace Examples.Charts;

/// <summary>Named values as horizontal bars, the first on top, each with its number: gradient norms by layer.</summary>
internal sealed class BarChart : Chart
{
    private const double BarHeight = 22, Opacity = 0.75, NumberWidth = 84;

    private readonly IReadOnlyList<Bar> _bars;
    private readonly Axis _across;

    /// <summary>Draws bars over an axis.</summary>
    /// <param name="title">What the values are.</param>
    /// <param name="across">The axis of the values; bars begin at its zero, or at its start if it has none.</param>
    /// <param name="bars">At least one bar.</param>
    /// <exception cref="ArgumentException">There is no bar.</exception>
    public BarChart(string title, Axis across, IReadOnlyList<Bar> bars) : base(title)
    {
        if (bars.Count == 0)
        {
            throw new ArgumentException("BarChart: got no bars, expected at least one.", nameof(bars));
        }
        (_across, _bars) = (across, bars);
    }

    /// <inheritdoc/>
    public override string Description => $"Bars: {Title} of {string.Join(", ", _bars.Select(bar => bar.Name))}.";

    /// <inheritdoc/>
    public override double Height => Frame.Top + 50 + BarHeight * _bars.Count;

    /// <inheritdoc/>
    public override void Draw(SvgCanvas canvas, double height)
    {
        Axis names = Axis.Names("", [.. _bars.Select(bar => bar.Name)]);
        // as high as the bars need, whatever the charts beside this one need
        Frame frame = new(_across, names.Reversed, NumberWidth, Height);
        frame.DrawAxes(canvas);
        double start = Math.Clamp(_across.Fraction(0), 0, 1) is var zero && double.IsNaN(zero) ? 0 : zero;
        for (int i = 0; i < _bars.Count; i++)
        {
            double fraction = Math.Clamp(_across.Fraction(_bars[i].Value), 0, 1), y = frame.Y(i + 0.5);
            double end = double.IsNaN(fraction) ? start : fraction, left = Math.Min(start, end), right = Math.Max(start, end);
            double width = frame.Right - frame.Left;
            canvas.Rectangle(frame.Left + left * width, y - 0.36 * BarHeight, (right - left) * width, 0.72 * BarHeight,
                Theme.Style(0).Paint, Opacity);
            canvas.Text(frame.Left + right * width + 5, y + 4, Numerals.Short(_bars[i].Value), Theme.Label);
        }
    }
}
