namespace Engine;

/// <summary>A part whose state is an object.</summary>
/// <param name="name">The name in the file.</param>
/// <param name="save">A copy of the present state.</param>
/// <param name="load">Puts a state into place.</param>
/// <param name="write">Writes a state.</param>
/// <param name="read">Reads a state.</param>
internal sealed class CheckpointPart<TState>(
    string name,
    Func<TState> save,
    Action<TState> load,
    Action<CheckpointWriter, TState> write,
    Func<CheckpointReader, TState> read) : CheckpointPart(name)
{
    /// <inheritdoc/>
    public override void Write(CheckpointWriter writer) => write(writer, save());

    /// <inheritdoc/>
    public override Action Read(CheckpointReader reader)
    {
        TState state = read(reader);
        return () => load(state);
    }

    /// <inheritdoc/>
    public override Action Keep()
    {
        TState state = save();
        return () => load(state);
    }
}
