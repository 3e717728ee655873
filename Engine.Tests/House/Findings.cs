using System.Text.RegularExpressions;

namespace Engine.Tests.House;

/// <summary>What a house test found, all of it: NUnit's own messages end after ten elements.</summary>
internal static partial class Findings
{
    /// <summary>Fails with a line for each finding, and the number of findings in each folder where they name files.</summary>
    public static void None(IReadOnlyCollection<string> found, string rule)
    {
        IEnumerable<string> folders = found
            .Select(line => Folder().Match(line).Value).Where(folder => folder.Length > 0).CountBy(folder => folder)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"  {pair.Value} in {pair.Key}");
        Assert.That(found, Has.Count.Zero, string.Join('\n', [rule, .. found, .. folders]));
    }

    [GeneratedRegex(@"^[\w.]+(?:/[\w.]+)*(?=/[\w.]+\.(?:cs|md)\b)")]
    private static partial Regex Folder();
}
