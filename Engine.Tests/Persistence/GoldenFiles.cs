namespace Engine.Tests.Persistence;

/// <summary>The files that other programs wrote (see Golden/README.md).</summary>
internal static class GoldenFiles
{
    /// <summary>The path of a file in the output directory.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);
}
