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

/// <summary>
/// A unary function of the engine behind an interface without type parameters, so that a test can loop over all of them.
/// </summary>
public abstract unsafe class FunctionCase<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Every unary function in the assembly: a new one is tested without being listed.</summary>
    public static IReadOnlyList<FunctionCase<T>> All { get; } =
    [
        .. typeof(ExpOp).Assembly.GetTypes()
            .Where(
                static type =>
                    type is { IsValueType: true, IsGenericTypeDefinition: false } && typeof(IUnaryFunction).IsAssignableFrom(type))
            .Select(static type => (FunctionCase<T>)Activator.CreateInstance(typeof(FunctionCase<,>).MakeGenericType(type, typeof(T)))!)
            .OrderBy(static function => function.Name, StringComparer.Ordinal)
    ];

    public abstract string Name { get; }

    /// <summary>y ← f(x) in one lane.</summary>
    public abstract void Map(Lane lane, T* x, T* y, int length);

    /// <summary>dx ← g·f′(x) in one lane.</summary>
    public abstract void MapBackward(Lane lane, T* x, T* y, T* g, T* dx, int length);

    /// <summary>y ← f(x) as the engine runs it.</summary>
    public abstract void Map(ReadOnlySpan<T> x, Span<T> y);

    /// <summary>The operation on tensors.</summary>
    public abstract Tensor<T> Apply(Tensor<T> x);
}

/// <inheritdoc/>
public sealed unsafe class FunctionCase<TFunction, T> : FunctionCase<T>
    where TFunction : unmanaged, IUnaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override string Name => TFunction.Name;

    public override void Map(Lane lane, T* x, T* y, int length)
    {
        Elementwise.MapKernel<TFunction, T> kernel = new(new TFunction(), x, y);
        Run(lane, kernel, length);
    }

    public override void MapBackward(Lane lane, T* x, T* y, T* g, T* dx, int length)
    {
        Elementwise.MapBackwardKernel<TFunction, T> kernel = new(new TFunction(), x, y, g, dx);
        Run(lane, kernel, length);
    }

    public override void Map(ReadOnlySpan<T> x, Span<T> y) => Elementwise.Map(new TFunction(), x, y);

    public override Tensor<T> Apply(Tensor<T> x) => x.Apply(new TFunction());

    private static void Run<TKernel>(Lane lane, TKernel kernel, int length) where TKernel : unmanaged, IElementKernel<T>
    {
        switch (lane)
        {
            case Lane.Scalar:
                ElementLoop.Run<TKernel, Scalar<T>, T>(kernel, 0, length);
                break;
            case Lane.Wide:
                ElementLoop.Run<TKernel, Wide<T>, T>(kernel, 0, length);
                break;
            default:
                ElementLoop.Run<TKernel, Wide512<T>, T>(kernel, 0, length);
                break;
        }
    }
}
