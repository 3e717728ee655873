namespace Engine.Tests.Examples;

/// <summary>A folder of a test's own, which is deleted with what is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("examples").FullName;

    /// <summary>The path of a file in the folder, or of the folder itself.</summary>
    public string this[string name] => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
