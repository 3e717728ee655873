using System.Globalization;

namespace Engine.Tests.Logging;

/// <summary>Events as text that is equal if and only if all that they hold is.</summary>
internal static class EventText
{
    public static string Of(RunEvent one) => one switch
    {
        RunEvent.Scalar scalar => $"{Head(one)} {scalar.Tag} {BitConverter.SingleToUInt32Bits(scalar.Value):X8}",
        RunEvent.Histogram histogram =>
            $"{Head(one)} {histogram.Tag} {Bits(histogram.Summary.Minimum)} {Bits(histogram.Summary.Maximum)} "
                + $"{Bits(histogram.Summary.Count)} {Bits(histogram.Summary.Sum)} {Bits(histogram.Summary.SumOfSquares)} "
                + $"[{string.Join(' ', histogram.Summary.Limits.Select(Bits))}] "
                + $"[{string.Join(' ', histogram.Summary.Counts.Select(Bits))}]",
        RunEvent.Image image => $"{Head(one)} {image.Tag} {image.Width} {image.Height} {Convert.ToHexString(image.Encoded.Span)}",
        RunEvent.Text text => $"{Head(one)} {text.Tag} {text.Content}",
        RunEvent.Hyperparameters values =>
            $"{Head(one)} {string.Join(' ', values.Values.Select(static pair => $"{pair.Key}={pair.Value.Kind}:{pair.Value}"))}",
        RunEvent.ComparedMetrics metrics => $"{Head(one)} {string.Join(' ', metrics.Tags)}",
        RunEvent.Ended ended => $"{Head(one)} {ended.Outcome}",
        RunEvent.Graph graph => $"{Head(one)} {Convert.ToHexString(graph.Definition.Span)}",
        RunEvent.FileVersion version => $"{Head(one)} {version.Version}",
        RunEvent.Other other => $"{Head(one)} {other.Tag} {other.Plugin}",
        _ => Head(one),
    };

    private static string Head(RunEvent one) => $"{one.GetType().Name} {Bits(one.WallTime)} {one.Step}";

    private static string Bits(double value) =>
        BitConverter.DoubleToUInt64Bits(value).ToString("X16", CultureInfo.InvariantCulture);
}
