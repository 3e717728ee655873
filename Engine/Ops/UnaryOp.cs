using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>A function of one number as an operation on tensors.</summary>
internal sealed class UnaryOp<TFunction, T>(TFunction function) : Op<T>
    where TFunction : unmanaged, IUnaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Input = 1, Output = 2;

    /// <summary>What the derivative is computed from: a vector that it does not need is not read.</summary>
    private readonly int _derivativeInputs = function.Derivative(new Dependence(Input), new Dependence(Output)).Inputs;

    public override string Name => TFunction.Name;

    public static Tensor<T> Apply(TFunction function, in Tensor<T> x)
    {
        Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
        Elementwise.Map(function, x.Span, elements);
        return Tape<T>.Record(
            new Node<T> { Op = FunctionCache<TFunction, UnaryOp<TFunction, T>>.Get(function, static f => new(f)), A = x }, y);
    }

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
        ReadOnlySpan<T> g = context.OutputGradient.Span;
        ReadOnlySpan<T> x = (_derivativeInputs & Input) != 0 ? node.A.Span : g;
        ReadOnlySpan<T> y = (_derivativeInputs & Output) != 0 ? node.Output.Span : g;
        Elementwise.MapBackward(function, x, y, g, elements);
        context.Accumulate(node.A, dx);
    }

    protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => RecordedChainRule.Contribute(
        context, node.A, function.Derivative<TensorLane<T>>(node.A, node.Output));
}
