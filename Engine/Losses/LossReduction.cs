namespace Engine;

/// <summary>What becomes of the losses of many examples.</summary>
public enum LossReduction
{
    /// <summary>Their mean (with class weights: the weighted mean).</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay as they are, one for each example.</summary>
    None,
}
