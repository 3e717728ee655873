using System.Runtime.CompilerServices;
using Engine;

namespace Examples.OwnOp;

/// <summary>
/// y = x·σ(βx) with the slope β, and dy/dx = σ(βx) + βy(1 − σ(βx)) (Ramachandran, Zoph, Le: Searching for activation functions, 2017).
/// </summary>
/// <param name="Slope">β.</param>
internal readonly record struct Swish(double Slope) : IUnaryFunction
{
    public static string Name => "Swish";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x / (1 + L.Exp(-Slope * x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L>
    {
        L σ = 1 / (1 + L.Exp(-Slope * x));
        return σ + Slope * y * (1 - σ);
    }
}
