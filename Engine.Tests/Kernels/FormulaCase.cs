using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>The lanes a loop can run in.</summary>
public enum Lane
{
    Scalar,
    Wide,
    Wide512,
}

/// <summary>One formula of the engine behind a face without type parameters, so that a test can go through all of them.</summary>
public abstract unsafe class FormulaCase<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Every formula in the assembly: a new one is tested without being listed.</summary>
    public static IReadOnlyList<FormulaCase<T>> All { get; } =
    [
        .. typeof(ExpOp).Assembly.GetTypes()
            .Where(static type => type is { IsValueType: true, IsGenericTypeDefinition: false } && typeof(IUnary).IsAssignableFrom(type))
            .Select(static type => (FormulaCase<T>)Activator.CreateInstance(typeof(FormulaCase<,>).MakeGenericType(type, typeof(T)))!)
            .OrderBy(static formula => formula.Name, StringComparer.Ordinal)
    ];

    public abstract string Name { get; }

    /// <summary>y ← f(x) in one lane.</summary>
    public abstract void Map(Lane lane, T* x, T* y, int length);

    /// <summary>dx ← g·f′(x) in one lane.</summary>
    public abstract void MapBack(Lane lane, T* x, T* y, T* g, T* dx, int length);

    /// <summary>y ← f(x) as the engine runs it.</summary>
    public abstract void Map(ReadOnlySpan<T> x, Span<T> y);

    /// <summary>The operation on tensors.</summary>
    public abstract Tensor<T> Apply(Tensor<T> x);
}

/// <inheritdoc/>
public sealed unsafe class FormulaCase<TFormula, T> : FormulaCase<T> where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
{
    public override string Name => TFormula.Name;

    public override void Map(Lane lane, T* x, T* y, int length)
    {
        Elementwise.MapLoop<TFormula, T> loop = new(x, y);
        Run(lane, loop, length);
    }

    public override void MapBack(Lane lane, T* x, T* y, T* g, T* dx, int length)
    {
        Elementwise.MapBackLoop<TFormula, T> loop = new(x, y, g, dx);
        Run(lane, loop, length);
    }

    public override void Map(ReadOnlySpan<T> x, Span<T> y) => Elementwise.Map<TFormula, T>(x, y);

    public override Tensor<T> Apply(Tensor<T> x) => Unary<TFormula, T>.Apply(x);

    private static void Run<TLoop>(Lane lane, TLoop loop, int length) where TLoop : unmanaged, IKernel<T>
    {
        switch (lane)
        {
            case Lane.Scalar:
                Kernel.Run<TLoop, Scalar<T>, T>(loop, length);
                break;
            case Lane.Wide:
                Kernel.Run<TLoop, Wide<T>, T>(loop, length);
                break;
            default:
                Kernel.Run<TLoop, Wide512<T>, T>(loop, length);
                break;
        }
    }
}
