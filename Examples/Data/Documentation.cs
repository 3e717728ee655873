using System.Reflection;

namespace Examples.Data;

/// <summary>This repository's own documentation, which is embedded in this program as a text to learn from.</summary>
internal static class Documentation
{
    private const string Folder = "documentation/";

    /// <summary>All pages, one after the other, in the order of their names.</summary>
    public static string Read()
    {
        Assembly assembly = typeof(Documentation).Assembly;
        IEnumerable<string> pages = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return string.Join('\n', pages.Select(page =>
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(page)!);
            return reader.ReadToEnd().ReplaceLineEndings("\n");
        }));
    }
}
