using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The chain rule for one output gradient g of all elements: g·f(a, b), and 0 where g is 0, whatever f is.</summary>
internal readonly struct ScaledPair<TFunction>(TFunction function, double factor) : IPairFunction
    where TFunction : unmanaged, IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => ChainRule.Apply<L>(factor, function.Of(a, b));
}
