using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The cross-entropy of class numbers under softmax: for a row x with class t, loss = −ln pₜ with p = softmax(x), as ln Σ e^(x − max) −
/// (xₜ − max); ∂loss/∂x = p − (1 at t). It is computed with the loss in one pass, so that the backward pass costs nothing where it starts
/// from this loss.
/// </summary>
public static class CrossEntropyLoss
{
    extension<T>(Tensor<T> logits) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// With weights w and smoothing s, a row's loss is (1 − s)·wₜ·(−ln pₜ) + s/n·Σₖ wₖ·(−ln pₖ). The mean divides by the sum of the
        /// weights wₜ of the rows that count. A row all of whose logits are −∞, or with one that is +∞ or NaN, gives NaN.
        /// </summary>
        /// <param name="classes">The class of each row; not kept.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives [rows].</param>
        /// <param name="weights">w of [n], or the default tensor for 1 each; they get no gradient.</param>
        /// <param name="ignoreClass">Rows of this class have loss and gradient 0 and count nowhere.</param>
        /// <param name="labelSmoothing">s in [0, 1].</param>
        /// <exception cref="ArgumentException">
        /// The logits are not [rows, n], there are not as many classes as rows, the weights are not [n]; or there is nothing to take the
        /// mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A class is not 0 … n − 1, s lies outside [0, 1], or the reduction is not one of the enumeration.
        /// </exception>
        public Tensor<T> CrossEntropy(
            ReadOnlySpan<int> classes, LossReduction reduction = LossReduction.Mean, Tensor<T> weights = default, int? ignoreClass = null,
            double labelSmoothing = 0)
        {
            reduction.ThrowIfUndefined("CrossEntropy");
            Check(logits, classes, weights, ignoreClass, labelSmoothing);
            int rows = logits.Shape[0], n = logits.Shape[1];
            ReadOnlySpan<T> w = weights.OptionalSpan;
            T scale = reduction == LossReduction.Mean ? T.One / TotalWeight(classes, w, ignoreClass) : T.One;
            T weightSum = w.IsEmpty ? T.CreateTruncating(n) : Reduction.Sum(w);
            Tensor<T> losses = Tape<T>.Allocate([rows]), gradient = Tape<T>.WillRecord(logits) ? Tape<T>.Allocate(logits.Shape) : default;
            CrossEntropyOptions<T> options = new(T.CreateTruncating(labelSmoothing), ignoreClass, weightSum, scale);
            SoftmaxCrossEntropy.Forward(logits.Span, classes, w, losses.Output, gradient.IsDefault ? [] : gradient.Output, n, options);
            Tensor<T> loss = losses;
            if (reduction != LossReduction.None)
            {
                loss = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
                element[0] = Reduction.Sum(losses.Span) * scale;
            }
            return Tape<T>.Record(
                new Node<T>
                {
                    Op = reduction == LossReduction.Mean ? CrossEntropyBackward<T>.OfMean : CrossEntropyBackward<T>.OfSum,
                    A = logits, B = weights, Saved = gradient, Scalar = labelSmoothing, Integer = ignoreClass ?? NoClass,
                },
                loss, [], classes);
        }
    }

    private static void Check<T>(in Tensor<T> logits, ReadOnlySpan<int> classes, in Tensor<T> weights, int? ignored, double smoothing)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (logits.Shape.Rank != 2 || logits.Shape[0] != classes.Length)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"CrossEntropy: got logits of shape {logits.Shape} and {classes.Length} classes, expected [rows, classes] and one "
                        + $"class for each row."),
                nameof(logits));
        }
        int n = logits.Shape[1];
        if (!weights.IsDefault && weights.Shape != new Shape(n))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"CrossEntropy: got class weights of shape {weights.Shape} for logits of shape {logits.Shape}, expected [{n}]."),
                nameof(weights));
        }
        if (!(smoothing >= 0 && smoothing <= 1))
        {
            throw new ArgumentOutOfRangeException(
                "labelSmoothing",
                string.Create(
                    CultureInfo.InvariantCulture, $"CrossEntropy: got the label smoothing {smoothing}, expected one from 0 to 1."));
        }
        CheckClasses(classes, n, ignored, "CrossEntropy");
    }

    internal static void CheckClasses(ReadOnlySpan<int> classes, int n, int? ignored, string operation)
    {
        for (int row = 0; row < classes.Length; row++)
        {
            if ((uint)classes[row] >= (uint)n && classes[row] != ignored)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(classes),
                    string.Create(CultureInfo.InvariantCulture, $"{operation}: got class {classes[row]} in row {row}, ")
                        + (n == 0 ? "where there are no classes." : $"expected one from 0 to {n - 1}."));
            }
        }
    }

    private static T TotalWeight<T>(ReadOnlySpan<int> classes, ReadOnlySpan<T> weights, int? ignored)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int count = 0;
        double total = 0; // in row order; exact for whole numbers
        foreach (int target in classes)
        {
            if (target != ignored)
            {
                count++;
                total += weights.IsEmpty ? 1 : double.CreateTruncating(weights[target]);
            }
        }
        return count > 0 && total != 0
            ? T.CreateTruncating(total)
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"CrossEntropy: got {classes.Length} rows of which {count} count, with the total weight {total}, expected at least "
                        + $"one row with a weight: there is nothing to take the mean of."),
                nameof(classes));
    }

    /// <summary>A number that is not a class.</summary>
    private const long NoClass = long.MaxValue;

    private sealed class CrossEntropyBackward<T>(bool isMean) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly CrossEntropyBackward<T> OfMean = new(true), OfSum = new(false);

        public override string Name => "CrossEntropy";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            // the forward pass has computed it, for an output gradient of 1; nobody else reads it, and Backward runs once on a recording
            Tensor<T> d = node.Saved, g = context.OutputGradient;
            if (g.Length != 1 || g.Span[0] != T.One)
            {
                Shape factor = g.Shape.Rank == 0 ? Shape.Scalar : [g.Length, 1];
                Broadcasting.Zip<MultiplyKernel<T>, T>(d.Span, d.Shape.Extents, g.Span, factor.Extents, d.Output, d.Shape.Extents);
            }
            context.AccumulateOwned(node.A, d);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> targets = Targets(node, context.Indices), zero = Pairwise.Constant<T>(0);
            // 0 where the target is 0, even if the logarithm is −∞ there
            Tensor<T> losses = -Tensor<T>.WhereGreater(targets.Abs(), zero, targets * node.A.LogSoftmax(), zero).Sum(1);
            return node.Output.Shape.Rank == 0 ? losses.Sum() : losses;
        }

        /// <summary>
        /// What −ln p is multiplied by: wₖ((1 − s)·(1 at t) + s/n) in the rows that count, divided by what the mean divides by.
        /// </summary>
        private Tensor<T> Targets(in Node<T> node, ReadOnlySpan<int> classes)
        {
            int n = node.A.Shape[1];
            ReadOnlySpan<T> w = node.B.OptionalSpan;
            int? ignored = node.Integer == NoClass ? null : (int)node.Integer;
            T smoothing = T.CreateTruncating(node.Scalar), scale = isMean ? T.One / TotalWeight(classes, w, ignored) : T.One;
            Tensor<T> targets = Tape<T>.Allocate(node.A.Shape, out Span<T> q);
            q.Clear();
            for (int row = 0; row < classes.Length; row++)
            {
                for (int k = 0; k < n && classes[row] != ignored; k++)
                {
                    T target = smoothing / T.CreateTruncating(n) + (k == classes[row] ? T.One - smoothing : T.Zero);
                    q[row * n + k] = target * (w.IsEmpty ? T.One : w[k]) * scale;
                }
            }
            return targets;
        }
    }
}
