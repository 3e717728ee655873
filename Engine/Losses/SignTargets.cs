using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>All predictions, and the targets 1 and −1.</summary>
internal readonly struct SignTargets : ILossDomain
{
    /// <summary>Less than the distance from 1 to any other number.</summary>
    private const double AlmostZero = 1e-20;

    public static string ExpectedPrediction => "a number";

    public static string ExpectedTarget => "1 or -1";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L OfPrediction<L>(L prediction, L loss) where L : ILane<L> => loss;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L OfTarget<L>(L target, L loss) where L : ILane<L> =>
        L.WhereGreater(AlmostZero, L.Abs(L.Abs(target) - 1), loss, double.NaN);
}
