using System.Numerics;

namespace Engine.Tests.Logging;

/// <summary>A log that keeps what it is given, and fails at a call of one's choice.</summary>
internal sealed class RecordingLog(int failsAt = int.MaxValue) : IRunLog
{
    /// <summary>The calls, and what they were given.</summary>
    public List<string> Calls { get; } = [];

    public void Scalar(string tag, double value, long step) => Add(FormattableString.Invariant($"{tag} {value} {step}"));

    public void Histogram<T>(string tag, ReadOnlySpan<T> values, long step) where T : unmanaged, IFloatingPointIeee754<T> =>
        Add(FormattableString.Invariant($"{tag} {values.Length} {step}"));

    public void Image(string tag, LogImage image, long step) => Add($"{tag} {image.Width} {step}");

    public void Text(string tag, string text, long step) => Add($"{tag} {text} {step}");

    public void Hyperparameters(IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics) =>
        Add($"{string.Join(' ', values.Keys)} {string.Join(' ', metrics)}");

    public void Flush() => Add("flush");

    public void Dispose() => Add("dispose");

    private void Add(string call)
    {
        Calls.Add(call);
        if (Calls.Count >= failsAt)
        {
            throw new IOException($"no space for '{call}'");
        }
    }
}
