namespace Engine;

/// <summary>What a <see cref="TapeProfile"/> has measured for one operation.</summary>
public sealed class TapeProfileEntry
{
    internal TapeProfileEntry(string operation) => Operation = operation;

    /// <summary>The operation's name.</summary>
    public string Operation { get; }

    /// <summary>How often it was recorded.</summary>
    public long Calls { get; internal set; }

    /// <summary>The bytes of all its results.</summary>
    public long Bytes { get; internal set; }

    /// <summary>The time of its forward passes.</summary>
    public TimeSpan Forward { get; internal set; }

    /// <summary>The time of its backward passes.</summary>
    public TimeSpan Backward { get; internal set; }
}
