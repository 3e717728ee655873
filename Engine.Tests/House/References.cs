using Microsoft.CodeAnalysis;

namespace Engine.Tests.House;

/// <summary>What a compilation inside a test may refer to.</summary>
internal static class References
{
    /// <summary>The assemblies that this process runs with, but for the named ones.</summary>
    public static IEnumerable<MetadataReference> OfThisProcess(params string[] without) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !without.Contains(Path.GetFileNameWithoutExtension(path)))
            .Select(path => MetadataReference.CreateFromFile(path));
}
