namespace Engine;

/// <summary>A part of the data that one forward pass takes.</summary>
public interface IBatch
{
    /// <summary>The number of samples, by which the mean loss of the batch is weighted in that of the epoch.</summary>
    int Count { get; }
}
