namespace Engine;

/// <summary>What a file of events holds: a number, a histogram, a picture, a text …; each kind is a record of its own.</summary>
/// <param name="WallTime">The time of writing, in seconds since 1970-01-01 UTC.</param>
/// <param name="Step">The step that it belongs to, such as the number of updates made.</param>
public abstract record RunEvent(double WallTime, long Step)
{
    /// <summary>The first event of a file.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step, 0 unless the file continues a run.</param>
    /// <param name="Version">The version of the format, such as <c>brain.Event:2</c>.</param>
    public sealed record FileVersion(double WallTime, long Step, string Version) : RunEvent(WallTime, Step);

    /// <summary>The run was resumed: what earlier files say of this step and later ones is superseded.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The first step that the process makes again.</param>
    public sealed record SessionStart(double WallTime, long Step) : RunEvent(WallTime, Step);

    /// <summary>A number.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Tag">What it measures.</param>
    /// <param name="Value">Its value, which event files hold in single precision.</param>
    public sealed record Scalar(double WallTime, long Step, string Tag, float Value) : RunEvent(WallTime, Step);

    /// <summary>The distribution of many numbers.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Tag">What they are.</param>
    /// <param name="Summary">Their distribution.</param>
    public sealed record Histogram(double WallTime, long Step, string Tag, HistogramSummary Summary) : RunEvent(WallTime, Step);

    /// <summary>A picture.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Tag">What it shows.</param>
    /// <param name="Width">Its width in pixels, as the event says.</param>
    /// <param name="Height">Its height in pixels, as the event says.</param>
    /// <param name="Encoded">The picture's file, as a rule a PNG.</param>
    public sealed record Image(double WallTime, long Step, string Tag, long Width, long Height, ReadOnlyMemory<byte> Encoded)
        : RunEvent(WallTime, Step);

    /// <summary>A text.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Tag">What it is about.</param>
    /// <param name="Content">The text, which TensorBoard shows as Markdown.</param>
    public sealed record Text(double WallTime, long Step, string Tag, string Content) : RunEvent(WallTime, Step);

    /// <summary>The hyperparameters of the run.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Values">The hyperparameters by name.</param>
    public sealed record Hyperparameters(double WallTime, long Step, IReadOnlyDictionary<string, HyperparameterValue> Values)
        : RunEvent(WallTime, Step);

    /// <summary>The scalars by which runs with different hyperparameters are compared.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Tags">The scalars' tags.</param>
    public sealed record ComparedMetrics(double WallTime, long Step, IReadOnlyList<string> Tags) : RunEvent(WallTime, Step);

    /// <summary>How the run ended.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Outcome">How it ended.</param>
    public sealed record Ended(double WallTime, long Step, RunOutcome Outcome) : RunEvent(WallTime, Step);

    /// <summary>The graph of the computation.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Definition">TensorFlow's message <c>GraphDef</c>, encoded.</param>
    public sealed record Graph(double WallTime, long Step, ReadOnlyMemory<byte> Definition) : RunEvent(WallTime, Step);

    /// <summary>A value of a kind that this reader does not interpret.</summary>
    /// <param name="WallTime">The time of writing.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Tag">Its tag; empty where it has none.</param>
    /// <param name="Plugin">The TensorBoard plugin that it is for; empty where none is named.</param>
    public sealed record Other(double WallTime, long Step, string Tag, string Plugin) : RunEvent(WallTime, Step);

    /// <summary>The beginning of a record at the end of a file: the run is going on, or its process was killed.</summary>
    /// <param name="Offset">Where it begins, in bytes from the beginning of the file.</param>
    /// <param name="Bytes">How many bytes of it there are.</param>
    public sealed record IncompleteRecord(long Offset, long Bytes) : RunEvent(double.NaN, 0);
}
