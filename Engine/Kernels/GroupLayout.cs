namespace Engine.Kernels;

/// <summary>
/// Elements of [batch, groups, channels, run] whose groups are normalized one by one, [channels, run] each; the scale γ and the shift β
/// are of [groups, channels]. Layer normalization has one group, and channels of one element.
/// </summary>
/// <param name="Batch">The number of examples.</param>
/// <param name="Groups">The number of groups in an example.</param>
/// <param name="Channels">The number of channels in a group.</param>
/// <param name="Run">The number of elements of a channel.</param>
/// <param name="IsCentered">Whether the mean is subtracted, as in all normalizations but RMSNorm.</param>
internal readonly record struct GroupLayout(int Batch, int Groups, int Channels, int Run, bool IsCentered = true)
{
    /// <summary>The number of groups in all examples: the rows that are normalized.</summary>
    public int Rows => Batch * Groups;

    /// <summary>The number of elements in a group.</summary>
    public int RowLength => Channels * Run;

    /// <summary>The number of channels in all groups of an example.</summary>
    public int AllChannels => Groups * Channels;

    /// <summary>The same rows without channels: for a normalization that has neither γ nor β.</summary>
    public GroupLayout WithoutChannels => new(Rows, 1, RowLength, 1, IsCentered);
}
