namespace Engine.Tests.Persistence;

/// <summary>A directory of a test's own, which is removed with all that is in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("engine-files-");

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => Path.Combine(_directory.FullName, name);

    /// <summary>The names of the files in it.</summary>
    public string[] Files => [.. _directory.GetFiles().Select(static file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _directory.Delete(recursive: true);
}
