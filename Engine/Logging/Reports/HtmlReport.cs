using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Engine;

/// <summary>
/// A run as one HTML file that needs nothing else and no network: its curves (loss, learning rate, gradient norms, update ratios and all
/// other numbers, with zoom and the values under the pointer), a confusion matrix, hyperparameters, texts, machine and versions.
/// </summary>
/// <remarks>
/// Tags with the same group, which is what is before the first slash, share a chart. Of a curve with more than 4,096 points the
/// smallest and the largest value of each of 2,048 stretches are drawn.
/// </remarks>
public sealed class HtmlReport
{
    private const string Template = "Engine.Logging.Reports.Report.html", Placeholder = ">{}</script>";

    private readonly RunRecord _run;

    /// <summary>Creates a report of a run.</summary>
    /// <param name="run">The run.</param>
    public HtmlReport(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        Title = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Directory)));
    }

    /// <summary>The title; the name of the run's directory unless set.</summary>
    public string Title { get; init; }

    /// <summary>A confusion matrix to show, or null.</summary>
    public ConfusionMatrix? ConfusionMatrix { get; init; }

    /// <summary>Writes the file, as a whole or not at all: one that is there stays as it is until the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] html = Encoding.UTF8.GetBytes(ToString());
        AtomicFile.Write(path, stream => stream.Write(html), html.Length);
    }

    /// <summary>The text of the file.</summary>
    public override string ToString()
    {
        using Stream resource = typeof(HtmlReport).Assembly.GetManifestResourceStream(Template)!;
        using StreamReader reader = new(resource, Encoding.UTF8);
        string template = reader.ReadToEnd();
        int place = template.IndexOf(Placeholder, StringComparison.Ordinal) + 1;
        return string.Concat(template.AsSpan(0, place), Data(), template.AsSpan(place + "{}".Length));
    }

    /// <summary>The run as JSON; the encoder escapes &lt;, so that no text of the run can end the element that the JSON is in.</summary>
    private string Data()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("title", Title);
            json.WriteString("summary", Summary());
            WriteCharts(json);
            if (ConfusionMatrix is not null)
            {
                WriteConfusion(json, ConfusionMatrix);
            }
            WritePairs(json, "hyperparameters", _run.Hyperparameters.Select(static pair => (pair.Key, pair.Value.ToString())));
            string machine = _run.Texts.TryGetValue(TrainingLog.MachineTag, out (long Step, string Content) text)
                ? text.Content
                : MachineDescription.Current;
            WritePairs(json, "machine", machine.Split('\n').Select(static line => Pair(line)));
            WritePairs(json, "texts", _run.Texts.Where(static pair => pair.Key != TrainingLog.MachineTag)
                .Select(static pair => (pair.Key, pair.Value.Content)));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private string Summary()
    {
        ScalarPoint[] points = [.. _run.Tags.SelectMany(tag => _run[tag])];
        if (points.Length == 0)
        {
            return "no numbers were logged";
        }
        double first = points.Min(static point => point.WallTime), last = points.Max(static point => point.WallTime);
        DateTime start = DateTime.UnixEpoch.AddSeconds(Math.Clamp(first, 0, 1e11));
        string outcome = _run.Outcome == RunOutcome.Unknown ? "" : $", {_run.Outcome.ToString().ToLowerInvariant()}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{points.Max(static point => point.Step)} steps in {last - first:F1} s, from {start:yyyy-MM-dd HH:mm:ss} UTC{outcome}");
    }

    private void WriteCharts(Utf8JsonWriter json)
    {
        json.WriteStartArray("charts");
        foreach (IGrouping<string, string> chart in _run.Tags.GroupBy(Group).OrderBy(static chart => Rank(chart.Key)))
        {
            json.WriteStartObject();
            json.WriteString("name", chart.Key);
            json.WriteStartArray("series");
            foreach (string tag in chart)
            {
                WriteSeries(json, tag, tag.Length > chart.Key.Length ? tag[(chart.Key.Length + 1)..] : tag, _run[tag]);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSeries(Utf8JsonWriter json, string tag, string name, IReadOnlyList<ScalarPoint> points)
    {
        IReadOnlyList<ScalarPoint> drawn = Curve.Thin(points);
        IEnumerable<double> known = points.Select(static point => point.Value).Where(static value => !double.IsNaN(value));
        json.WriteStartObject();
        json.WriteString("tag", tag);
        json.WriteString("name", name);
        WriteNumber(json, "last", points[^1].Value);
        WriteNumber(json, "least", known.DefaultIfEmpty(double.NaN).Min());
        WriteNumber(json, "greatest", known.DefaultIfEmpty(double.NaN).Max());
        json.WriteStartArray("steps");
        foreach (ScalarPoint point in drawn)
        {
            json.WriteNumberValue(point.Step);
        }
        json.WriteEndArray();
        json.WriteStartArray("values");
        foreach (ScalarPoint point in drawn)
        {
            WriteNumber(json, null, point.Value);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteConfusion(Utf8JsonWriter json, ConfusionMatrix matrix)
    {
        int classes = matrix.ClassNames.Count;
        json.WriteStartObject("confusion");
        json.WriteStartArray("names");
        foreach (string name in matrix.ClassNames)
        {
            json.WriteStringValue(name);
        }
        json.WriteEndArray();
        json.WriteStartArray("counts");
        for (int actual = 0; actual < classes; actual++)
        {
            json.WriteStartArray();
            for (int predicted = 0; predicted < classes; predicted++)
            {
                json.WriteNumberValue(matrix[actual, predicted]);
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
        foreach ((string name, Func<int, double> measure) in
            (ReadOnlySpan<(string, Func<int, double>)>)[("recall", matrix.Recall), ("precision", matrix.Precision), ("f1", matrix.F1)])
        {
            json.WriteStartArray(name);
            for (int i = 0; i < classes; i++)
            {
                json.WriteNumberValue(measure(i));
            }
            json.WriteEndArray();
        }
        WriteNumber(json, "accuracy", matrix.Accuracy);
        WriteNumber(json, "macroF1", matrix.MacroF1);
        json.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter json, string name, IEnumerable<(string Name, string Value)> pairs)
    {
        json.WriteStartArray(name);
        foreach ((string left, string right) in pairs)
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>A number in as few digits as give back a float, or the name that JavaScript reads as one that is not finite.</summary>
    private static void WriteNumber(Utf8JsonWriter json, string? name, double value)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }
        if (!double.IsFinite(value))
        {
            json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
        else if ((float)value == value)
        {
            json.WriteNumberValue((float)value);
        }
        else
        {
            json.WriteNumberValue(value);
        }
    }

    private static (string Name, string Value) Pair(string line)
    {
        int colon = line.IndexOf(':');
        return colon < 0 ? ("", line) : (line[..colon], line[(colon + 1)..].Trim());
    }

    private static string Group(string tag)
    {
        int slash = tag.Length == 0 ? -1 : tag.IndexOf('/', 1);
        return slash < 0 || slash == tag.Length - 1 ? tag : tag[..slash];
    }

    /// <summary>The charts that people look at first come first.</summary>
    private static int Rank(string group)
    {
        int place = Array.IndexOf(["loss", "metrics", "learning-rate", "gradient-norm", "update-ratio"], group);
        return place < 0 ? int.MaxValue : place;
    }
}
