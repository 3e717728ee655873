using System.Runtime.CompilerServices;

namespace Engine.Tests;

/// <summary>y = x·σ(βx), as a user would write it: dy/dx = σ(βx) + βy(1 − σ(βx)).</summary>
internal readonly record struct Swish(double Slope) : IUnaryFunction
{
    public static string Name => "Swish";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x / (1 + L.Exp(-Slope * x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L>
    {
        L s = 1 / (1 + L.Exp(-Slope * x));
        return s + Slope * y * (1 - s);
    }
}
