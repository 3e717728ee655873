using System.Numerics;

namespace Engine;

/// <summary>Explains the coming step of an optimizer.</summary>
public static class OptimizerExplanation
{
    extension<T>(Optimizer<T> optimizer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// What <see cref="Optimizer{T}.Step"/> would do now to one element: with the gradients, the clipping, the state and the hyper-parameters as they are. Changes nothing.
        /// Works for every elementwise rule, also one of your own.
        /// </summary>
        /// <param name="parameter">A parameter of the optimizer.</param>
        /// <param name="index">The element, in row-major order.</param>
        /// <exception cref="ArgumentException">The optimizer does not have this parameter.</exception>
        /// <exception cref="ArgumentOutOfRangeException">There is no such element, or a scheduled hyper-parameter has left its range.</exception>
        /// <exception cref="NotSupportedException">The parameter's rule does not go element by element.</exception>
        public StepExplanation Explain(Parameter<T> parameter, int index)
        {
            ArgumentNullException.ThrowIfNull(parameter);
            (Group<T> group, Member<T>? member) = optimizer.Groups.Select(g => (g, Array.Find(g.Members, m => ReferenceEquals(m.Parameter, parameter)))).FirstOrDefault(p => p.Item2 is not null);
            if (member is null)
            {
                throw new ArgumentException($"Explain: got the parameter '{parameter.Name}', expected one of this optimizer's.", nameof(parameter));
            }
            if ((uint)index >= (uint)parameter.Shape.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(index), index, $"Explain: got element {index} of '{parameter.Name}' {parameter.Shape}, expected 0 to {parameter.Shape.Length - 1}.");
            }
            double norm = optimizer.NonFinite != NonFinite.Propagate || optimizer.Clip.MaximumNorm is not null ? optimizer.GlobalNorm() : double.NaN;
            if (!parameter.HasGradient)
            {
                return StepExplanation.Skipped(group.RuleName, member, index, "the parameter has no gradient: the step passes it over");
            }
            if (!double.IsFinite(norm) && optimizer.NonFinite != NonFinite.Propagate)
            {
                return StepExplanation.Skipped(group.RuleName, member, index, optimizer.NonFinite == NonFinite.Throw ? "a gradient is not finite: the step will throw" : "a gradient is not finite: the step will be passed over");
            }
            double coefficient = optimizer.Clip.Coefficient(norm);
            return group.Explain(member, index, optimizer.Maximize ? -coefficient : coefficient, optimizer.Clip.MaximumValue ?? double.PositiveInfinity);
        }
    }
}
