using System.Runtime.CompilerServices;

namespace Engine.Tests.House;

/// <summary>The files of the repository that this source file is in.</summary>
internal static class Repository
{
    private static readonly string[] Generated =
        ["bin", "obj", ".git", ".vs", "artifacts", "TestResults", "StrykerOutput", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder of Engine.sln.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>One file, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The files under a folder, except what builds and tests generated there.</summary>
    public static IEnumerable<string> Files(string folder = "", string pattern = "*")
    {
        string path = Path.Combine(Root, folder);
        foreach (string file in Directory.EnumerateFiles(path, pattern))
        {
            yield return file;
        }
        foreach (string inner in Directory.EnumerateDirectories(path).Where(inner => !Generated.Contains(Path.GetFileName(inner))))
        {
            foreach (string file in Files(inner, pattern))
            {
                yield return file;
            }
        }
    }

    /// <summary>The path from the root, with slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Here([CallerFilePath] string path = "") => path;
}
