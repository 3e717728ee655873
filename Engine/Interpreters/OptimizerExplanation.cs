using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>Explains the coming step of an optimizer.</summary>
public static class OptimizerExplanation
{
    extension<T>(Optimizer<T> optimizer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// Explains what <see cref="Optimizer{T}.Step"/> would do to one element with the present gradients, state, transforms, clipping
        /// and hyperparameters, without changing anything. Works for every elementwise rule, custom ones included.
        /// </summary>
        /// <param name="parameter">A parameter of the optimizer.</param>
        /// <param name="index">The element, in row-major order.</param>
        /// <exception cref="ArgumentException">The optimizer does not have this parameter.</exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// There is no such element, or a scheduled hyperparameter is outside its range.
        /// </exception>
        /// <exception cref="InvalidOperationException">
        /// The parameter's rule is not elementwise, another call is running, or a rule threw during an earlier step.
        /// </exception>
        public StepExplanation Explain(Parameter<T> parameter, int index)
        {
            ArgumentNullException.ThrowIfNull(parameter);
            using Optimizer<T>.Use use = optimizer.Enter(nameof(Explain));
            (IElementwiseGroup<T> group, ParameterEntry<T> entry) = optimizer.FindElementwise(parameter, nameof(Explain));
            if ((uint)index >= (uint)parameter.Shape.Length)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(index),
                    string.Create(
                        CultureInfo.InvariantCulture, $"Explain: got element {index} of '{parameter.Name}' {parameter.Shape}, ")
                        + (parameter.Shape.Length == 0 ? "which has no elements." : $"expected 0 to {parameter.Shape.Length - 1}."));
            }
            double norm = optimizer.PrepareGradients(1);
            if (!parameter.HasGradient)
            {
                return StepExplanation.Skipped(group.RuleName, entry, index, "the parameter has no gradient: the step will skip it");
            }
            if (optimizer.IsRejected(norm))
            {
                return StepExplanation.Skipped(group.RuleName, entry, index,
                    $"a gradient is not finite: the step will {(optimizer.NonFinite == NonFinite.Throw ? "throw" : "be skipped")}");
            }
            optimizer.ClipGradients(norm);
            return group.Accept(new Visitor<T>(entry, index));
        }
    }

    private sealed class Visitor<T>(ParameterEntry<T> entry, int index)
        : IElementwiseGroupVisitor<T, StepExplanation> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public StepExplanation Visit<TRule>(ElementwiseGroup<TRule, T> group) where TRule : struct, IRule
        {
            double norm = ElementwiseGroup<TRule, T>.GradientNorm(entry);
            group.CheckStep(entry, norm); // throws where the step would
            Formula formula = Formula.Of(group.Rule, entry.Scale.Factor != 1, entry.Scale.IsClamped);
            return new Explainer<T>(formula, entry, index, norm).Explain();
        }
    }
}
