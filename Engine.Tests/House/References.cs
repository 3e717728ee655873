using Microsoft.CodeAnalysis;

namespace Engine.Tests.House;

/// <summary>The references of compilations in tests, read once.</summary>
internal static class References
{
    private static readonly (string Name, MetadataReference Reference)[] All =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => (Path.GetFileNameWithoutExtension(path), (MetadataReference)MetadataReference.CreateFromFile(path))),
    ];

    /// <summary>The assemblies that this process runs with, except the named ones.</summary>
    public static IEnumerable<MetadataReference> OfThisProcess(params string[] without) =>
        All.Where(item => !without.Contains(item.Name)).Select(item => item.Reference);
}
