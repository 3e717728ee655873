namespace Engine;

/// <summary>
/// Which predictions and targets a loss is defined for. The methods run inside the loop that computes the losses, so that the check takes
/// no pass over memory of its own.
/// </summary>
internal interface ILossDomain
{
    /// <summary>What is expected of a prediction.</summary>
    static abstract string ExpectedPrediction { get; }

    /// <summary>What is expected of a target.</summary>
    static abstract string ExpectedTarget { get; }

    /// <summary>The loss where the prediction is valid, else NaN.</summary>
    static abstract L OfPrediction<L>(L prediction, L loss) where L : ILane<L>;

    /// <summary>The loss where the target is valid, else NaN.</summary>
    static abstract L OfTarget<L>(L target, L loss) where L : ILane<L>;
}
