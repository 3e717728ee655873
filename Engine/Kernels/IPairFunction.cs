using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// A function of a pair of elements as a kernel runs it: one of the methods of an <see cref="IBinaryFunction"/>, or a step of a backward
/// pass.
/// </summary>
internal interface IPairFunction
{
    L Of<L>(L a, L b) where L : ILane<L>;
}

// the compiler allows more to be inlined where every method around it asks to be inlined

/// <summary>f(a, b).</summary>
internal readonly struct ValueOf<TFunction>(TFunction function) : IPairFunction where TFunction : unmanaged, IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => function.Value(a, b);
}

/// <summary>∂f/∂a.</summary>
internal readonly struct DerivativeAOf<TFunction>(TFunction function) : IPairFunction where TFunction : unmanaged, IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => function.DerivativeA(a, b);
}

/// <summary>∂f/∂b.</summary>
internal readonly struct DerivativeBOf<TFunction>(TFunction function) : IPairFunction where TFunction : unmanaged, IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => function.DerivativeB(a, b);
}
