using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// What the losses that compare each prediction with one target have in common: a function of the two, without broadcasting, and the mean
/// or the sum of its values. ∂loss/∂prediction = g·∂f/∂prediction (of a mean, divided by the number of elements), and likewise for the
/// target.
/// </summary>
internal static class ElementwiseLoss
{
    /// <summary>The reduced loss, or one loss for each element.</summary>
    /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The reduction is not a defined value.</exception>
    public static Tensor<T> Apply<TFunction, T>(TFunction function, in Tensor<T> prediction, in Tensor<T> target, LossReduction reduction)
        where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T> =>
        Apply(function, default(AnyNumbers), prediction, target, reduction);

    /// <summary>The same for a loss that is defined for some numbers only.</summary>
    /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The reduction is not a defined value, or a prediction or a target is outside the domain.
    /// </exception>
    public static Tensor<T> Apply<TFunction, TDomain, T>(
        TFunction function, TDomain _, in Tensor<T> prediction, in Tensor<T> target, LossReduction reduction)
        where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> where TDomain : struct, ILossDomain
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        reduction.ThrowIfUndefined(TFunction.Name);
        CheckShapes(TFunction.Name, prediction.Shape, target.Shape);
        reduction.ThrowIfMeanOfNothing(TFunction.Name, prediction.Shape);
        Tensor<T> losses = Tape<T>.Allocate(prediction.Shape);
        Pairwise.Zip(new PairKernel<ValueWithin<TFunction, TDomain>, T>(new(function)), prediction, target, losses);
        bool isSummed = reduction != LossReduction.None || typeof(TDomain) != typeof(AnyNumbers);
        T sum = isSummed ? Reduction.Sum(losses.Span) : T.Zero;
        if (T.IsNaN(sum))
        {
            CheckDomain<TDomain, T>(TFunction.Name, prediction.Span, target.Span);
        }
        if (reduction == LossReduction.None)
        {
            BinaryOp<TFunction, T> each = FunctionCache<TFunction, BinaryOp<TFunction, T>>.Get(function, static f => new(f));
            return Tape<T>.Record(new Node<T> { Op = each, A = prediction, B = target }, losses);
        }
        Tensor<T> loss = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
        T count = reduction == LossReduction.Mean ? T.CreateTruncating(prediction.Length) : T.One;
        element[0] = sum / count;
        Reduced<TFunction, T> op = FunctionCache<TFunction, Reduced<TFunction, T>>.Get(function, static f => new(f));
        return Tape<T>.Record(new Node<T> { Op = op, A = prediction, B = target, Scalar = double.CreateTruncating(count) }, loss);
    }

    /// <summary>Throws unless all predictions and targets are in the domain.</summary>
    public static void CheckDomain<TDomain, T>(string loss, ReadOnlySpan<T> predictions, ReadOnlySpan<T> targets)
        where TDomain : struct, ILossDomain where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < targets.Length; i++)
        {
            CheckNumber(loss, "target", targets[i], i, TDomain.OfTarget<Scalar<T>>(new(targets[i]), 0).Value, TDomain.ExpectedTarget);
        }
        for (int i = 0; i < predictions.Length; i++)
        {
            T value = TDomain.OfPrediction<Scalar<T>>(new(predictions[i]), 0).Value;
            CheckNumber(loss, "prediction", predictions[i], i, value, TDomain.ExpectedPrediction);
        }
    }

    private static void CheckNumber<T>(string loss, string name, T number, int position, T unlessInvalid, string expected)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (T.IsNaN(unlessInvalid))
        {
            throw new ArgumentOutOfRangeException(
                name,
                string.Create(
                    CultureInfo.InvariantCulture, $"{loss}: got the {name} {number} at position {position}, expected {expected}."));
        }
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

    /// <summary>f(a, b) where a and b are in the domain, else NaN.</summary>
    private readonly struct ValueWithin<TFunction, TDomain>(TFunction function) : IPairFunction
        where TFunction : unmanaged, IBinaryFunction where TDomain : struct, ILossDomain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => TDomain.OfPrediction(a, TDomain.OfTarget(b, function.Value(a, b)));
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
