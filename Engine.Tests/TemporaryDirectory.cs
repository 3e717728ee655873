namespace Engine.Tests;

/// <summary>A directory of a test's own, which is removed with all that is in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("engine-");

    /// <summary>The path of the directory.</summary>
    public string Path => _directory.FullName;

    /// <summary>The names of the files in it.</summary>
    public string[] Files => [.. _directory.GetFiles().Select(static file => file.Name).Order(StringComparer.Ordinal)];

    /// <summary>The path of a file in it, or of the directory itself for an empty name.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
