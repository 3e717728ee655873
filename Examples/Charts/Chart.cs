namespace Examples.Charts;

/// <summary>A drawing with a title, one of those that a <see cref="Figure"/> sets side by side.</summary>
internal abstract class Chart(string title)
{
    /// <summary>The width of every chart in pixels.</summary>
    public const double Width = 600;

    /// <summary>The title.</summary>
    public string Title { get; } = title;

    /// <summary>What the chart says in a sentence, for readers who cannot see it.</summary>
    public abstract string Description { get; }

    /// <summary>The height in pixels that the chart needs.</summary>
    public virtual double Height => 350;

    /// <summary>Draws the chart.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="height">The height that the chart is given, at least <see cref="Height"/>.</param>
    public abstract void Draw(SvgCanvas canvas, double height);
}
