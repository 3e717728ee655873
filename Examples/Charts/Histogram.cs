using static System.FormattableString;

namespace Examples.Charts;

/// <summary>
/// How samples are distributed: of each, the share of its values in bins of equal width, which are the same for all. Values that are not
/// finite are in no bin; the label counts them.
/// </summary>
internal sealed class Histogram : Chart
{
    private const int FewestBins = 8, MostBins = 60;
    private const double FillOpacity = 0.18;

    private readonly Axis _across, _up;
    private readonly Series[] _outlines;

    /// <summary>Counts the values of samples.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="quantity">What the values are.</param>
    /// <param name="samples">At least one sample, each of at least one value.</param>
    /// <exception cref="ArgumentException">There is no sample, or one has no value.</exception>
    public Histogram(string title, string quantity, IReadOnlyList<Sample> samples) : base(title)
    {
        if (samples.Count == 0)
        {
            throw new ArgumentException("Histogram: got no samples, expected at least one.", nameof(samples));
        }
        foreach (Sample sample in samples.Where(sample => sample.Values.Count == 0))
        {
            throw new ArgumentException($"Histogram: got no values in the sample '{sample.Name}', expected at least one.", nameof(samples));
        }
        double[] finite = [.. samples.SelectMany(sample => sample.Values).Where(double.IsFinite).Order()];
        _across = Axis.Around(quantity, finite);
        int bins = Bins(finite, _across);
        _outlines = [.. samples.Select((sample, i) => Outline(sample, i, bins))];
        _up = Axis.Around("% of the values", [0, .. _outlines.SelectMany(outline => outline.Points).Select(point => point.Y)]);
    }

    /// <inheritdoc/>
    public override string Description => $"Histogram: {Title} of {string.Join(", ", _outlines.Select(outline => outline.Name))}.";

    /// <inheritdoc/>
    public override double Height => Math.Max(base.Height, EndLabels.Height(_outlines.Length));

    /// <inheritdoc/>
    public override void Draw(SvgCanvas canvas, double height)
    {
        Frame frame = new(_across, _up, EndLabels.Width(_outlines), height);
        frame.DrawGrid(canvas);
        frame.DrawAxes(canvas);
        string clip = frame.Clip(canvas);
        foreach (Series outline in _outlines)
        {
            canvas.Area(frame.Joined(outline.Points), Theme.Style(outline.Style).Paint, FillOpacity, clip);
        }
        foreach (Series outline in _outlines)
        {
            canvas.Path(frame.Joined(outline.Points), Theme.Style(outline.Style).Line, clip);
        }
        EndLabels.DrawList(canvas, frame, _outlines);
    }

    private Series Outline(Sample sample, int style, int bins)
    {
        int[] counts = new int[bins];
        int finite = 0;
        foreach (double value in sample.Values.Where(double.IsFinite))
        {
            counts[Math.Clamp((int)(_across.Fraction(value) * bins), 0, bins - 1)]++;
            finite++;
        }
        List<Point> outline = [new(_across.Low, 0)];
        for (int bin = 0; bin < bins; bin++)
        {
            double share = 100.0 * counts[bin] / sample.Values.Count;
            outline.Add(new(Edge(bin), share));
            outline.Add(new(Edge(bin + 1), share));
        }
        outline.Add(new(_across.High, 0));
        int lacking = sample.Values.Count - finite;
        return new Series(sample.Name, outline) { Style = style, Note = lacking > 0 ? Invariant($"{lacking} not finite") : "" };

        double Edge(int bin) => _across.Low * (1 - (double)bin / bins) + _across.High * ((double)bin / bins);
    }

    /// <summary>
    /// As many bins as Freedman and Diaconis, "On the histogram as a density estimator" (1981), advise: of the width 2·IQR·n^(−1/3).
    /// </summary>
    private static int Bins(double[] sorted, Axis axis)
    {
        if (sorted.Length == 0)
        {
            return FewestBins;
        }
        // as fractions of the axis, so that nothing overflows
        double middleHalf = axis.Fraction(sorted[sorted.Length * 3 / 4]) - axis.Fraction(sorted[sorted.Length / 4]);
        double width = 2 * middleHalf / Math.Cbrt(sorted.Length);
        return width * MostBins <= 1 ? MostBins : Math.Clamp((int)Math.Ceiling(1 / width), FewestBins, MostBins);
    }
}
