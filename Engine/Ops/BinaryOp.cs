using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>A function of two numbers as an operation on tensors.</summary>
internal sealed class BinaryOp<TFunction, T>(TFunction function) : Op<T>
    where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override string Name => TFunction.Name;

    public static Tensor<T> Apply(TFunction function, in Tensor<T> a, in Tensor<T> b)
    {
        BinaryOp<TFunction, T> op = FunctionCache<TFunction, BinaryOp<TFunction, T>>.Get(function, static f => new(f));
        return Pairwise.Apply(new PairKernel<ValueOf<TFunction>, T>(new(function)), op, a, b);
    }

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        Contribute(node, context, node.A, new DerivativeAOf<TFunction>(function));
        Contribute(node, context, node.B, new DerivativeBOf<TFunction>(function));
    }

    protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
    {
        if (context.NeedsGradient(node.A))
        {
            RecordedChainRule.Contribute(context, node.A, function.DerivativeA<TensorLane<T>>(node.A, node.B));
        }
        if (context.NeedsGradient(node.B))
        {
            RecordedChainRule.Contribute(context, node.B, function.DerivativeB<TensorLane<T>>(node.A, node.B));
        }
    }

    private static void Contribute<TDerivative>(in Node<T> node, in BackwardContext<T> context, in Tensor<T> input, TDerivative derivative)
        where TDerivative : unmanaged, IPairFunction
    {
        if (context.NeedsGradient(input))
        {
            Tensor<T> d = context.Allocate(input, node.Output.Shape, out _);
            Pairwise.Zip(new PairKernel<TDerivative, T>(derivative), node.A, node.B, d);
            Pairwise.Zip(new PairKernel<ChainRule, T>(), context.OutputGradient, d, d);
            context.Accumulate(input, d);
        }
    }
}
