namespace Engine;

/// <summary>One thing that a checkpoint saves, under a name.</summary>
/// <param name="name">The name in the file.</param>
internal abstract class CheckpointPart(string name)
{
    /// <summary>The name in the file.</summary>
    public string Name { get; } = name;

    /// <summary>Writes the present state.</summary>
    public abstract void Write(CheckpointWriter writer);

    /// <summary>Reads a state, without changing anything; the result puts it into place.</summary>
    /// <exception cref="MalformedFileException">The file has no such part, or it is not one of this kind.</exception>
    public abstract Action Read(CheckpointReader reader);

    /// <summary>Keeps the present state; the result puts it back.</summary>
    public abstract Action Keep();
}
