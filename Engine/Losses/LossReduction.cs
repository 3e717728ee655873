namespace Engine;

/// <summary>How the losses of the examples are reduced.</summary>
public enum LossReduction
{
    /// <summary>Their mean (with class weights: the weighted mean).</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>No reduction: one loss for each example.</summary>
    None,
}
