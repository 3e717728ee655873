namespace Engine;

/// <summary>Keeps gradients that are not those of a whole parameter, and gives them back when a backward pass throws.</summary>
internal interface IGradientSink
{
    /// <summary>How many it keeps.</summary>
    int Count { get; }

    /// <summary>Drops what came after the first <paramref name="count"/>.</summary>
    void Truncate(int count);
}
