using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>Predictions and targets in [0, 1]; a prediction that is NaN passes, as the loss is NaN then.</summary>
internal readonly struct Probabilities : ILossDomain
{
    public static string ExpectedPrediction => "a probability from 0 to 1";

    public static string ExpectedTarget => "a probability from 0 to 1";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L OfPrediction<L>(L prediction, L loss) where L : ILane<L> =>
        L.WhereGreater(L.Max(-prediction, prediction - 1), 0, double.NaN, loss);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L OfTarget<L>(L target, L loss) where L : ILane<L> =>
        L.WhereGreater(L.Max(-target, target - 1), 0, double.NaN, loss - (target - target)); // a NaN stays one
}
