using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// What the losses share that compare each prediction with one target: a function of the two, without broadcasting, and the mean or the
/// sum of its values. ∂loss/∂prediction = g·∂f/∂prediction (of a mean, divided by the number of elements), and likewise for the target.
/// </summary>
internal static class ElementwiseLoss
{
    /// <summary>The reduced loss, or one loss for each element.</summary>
    /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The reduction is not one of the enumeration.</exception>
    public static Tensor<T> Apply<TFunction, T>(TFunction function, in Tensor<T> prediction, in Tensor<T> target, LossReduction reduction)
        where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
    {
        reduction.ThrowIfUndefined(TFunction.Name);
        CheckShapes(TFunction.Name, prediction.Shape, target.Shape);
        if (reduction == LossReduction.None)
        {
            return BinaryOp<TFunction, T>.Apply(function, prediction, target);
        }
        reduction.ThrowIfMeanOfNothing(TFunction.Name, prediction.Shape);
        Tensor<T> losses = Tape<T>.Allocate(prediction.Shape), loss = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
        Pairwise.Zip(new PairKernel<ValueOf<TFunction>, T>(new(function)), prediction, target, losses);
        T count = reduction == LossReduction.Mean ? T.CreateTruncating(prediction.Length) : T.One;
        element[0] = Reduction.Sum(losses.Span) / count;
        Reduced<TFunction, T> op = FunctionCache<TFunction, Reduced<TFunction, T>>.Get(function, static f => new(f));
        return Tape<T>.Record(new Node<T> { Op = op, A = prediction, B = target, Scalar = double.CreateTruncating(count) }, loss);
    }

    /// <summary>Throws unless a target has the prediction's shape.</summary>
    public static void CheckShapes(string loss, in Shape prediction, in Shape target)
    {
        if (prediction != target)
        {
            throw new ArgumentException(
                $"{loss}: got a prediction of shape {prediction} and a target of shape {target}, expected the same.", nameof(target));
        }
    }

    /// <summary>Throws unless weights broadcast to the losses; the default tensor's shape, a scalar's, does.</summary>
    public static void CheckWeights(string loss, string name, in Shape weights, in Shape losses)
    {
        if (!weights.BroadcastsTo(losses))
        {
            throw new ArgumentException(
                $"{loss}: got {name} of shape {weights} for losses of shape {losses}, expected a shape that broadcasts to it.", name);
        }
    }

    /// <summary>The sum of the function's values, divided by the node's number.</summary>
    private sealed class Reduced<TFunction, T>(TFunction function) : Op<T>
        where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public override string Name => TFunction.Name;

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Contribute(node, context, node.A, new DerivativeAOf<TFunction>(function));
            Contribute(node, context, node.B, new DerivativeBOf<TFunction>(function));
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context) =>
            BinaryOp<TFunction, T>.Apply(function, node.A, node.B).Sum() / node.Scalar;

        private static void Contribute<TDerivative>(
            in Node<T> node, in BackwardContext<T> context, in Tensor<T> input, TDerivative derivative)
            where TDerivative : unmanaged, IPairFunction
        {
            if (context.NeedsGradient(input))
            {
                T factor = context.OutputGradient.Item / T.CreateTruncating(node.Scalar);
                Tensor<T> d = context.Allocate(input, out _);
                Pairwise.Zip(
                    new PairKernel<ScaledPair<TDerivative>, T>(new(derivative, double.CreateTruncating(factor))), node.A, node.B, d);
                context.Accumulate(input, d);
            }
        }
    }
}
