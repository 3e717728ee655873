namespace Engine;

/// <summary>What <see cref="CheckpointFolder{T}.LoadNewest"/> has loaded.</summary>
/// <param name="Step">The step of the checkpoint.</param>
/// <param name="Path">Its file.</param>
/// <param name="Damaged">The newer files that could not be read, with the reason, the newest first.</param>
public sealed record CheckpointLoad(long Step, string Path, IReadOnlyList<MalformedFileException> Damaged);
