using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>All predictions and targets.</summary>
internal readonly struct AnyNumbers : ILossDomain
{
    public static string ExpectedPrediction => "a number";

    public static string ExpectedTarget => "a number";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L OfPrediction<L>(L prediction, L loss) where L : ILane<L> => loss;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L OfTarget<L>(L target, L loss) where L : ILane<L> => loss;
}
