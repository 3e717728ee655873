using System.Numerics;

namespace Engine;

/// <summary>
/// Adds rules over whole tensors to <see cref="Optimizer"/> and <see cref="Optimizer{T}"/>, under the same method names as elementwise
/// rules: in a class of their own, because two methods of one class may not differ in their constraints alone.
/// </summary>
public static class TensorRuleExtensions
{
    extension(Optimizer)
    {
        /// <summary>Creates an optimizer with one group: these parameters under this rule.</summary>
        /// <exception cref="ArgumentException">
        /// There are no parameters, one is given twice, two have the same name, or one is not of a shape that the rule takes.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
        public static Optimizer<T> For<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters)
            where TRule : struct, ITensorRule where T : unmanaged, IFloatingPointIeee754<T>
        {
            Optimizer<T> optimizer = new();
            optimizer.AddGroup(rule, parameters);
            return optimizer;
        }

        /// <summary>
        /// Creates an optimizer with two groups: the matrices under this rule, all other parameters (biases, norms, kernels of
        /// convolutions) under the other.
        /// </summary>
        /// <example><c>Optimizer.For(new Muon { LearningRate = 0.02 }, model.Parameters, others: new AdamW { LearningRate = 3e-4
        /// })</c></example>
        /// <exception cref="ArgumentException">There are no parameters, one is given twice, or two have the same name.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of a rule is outside its range.</exception>
        public static Optimizer<T> For<TRule, TOther, T>(TRule rule, IEnumerable<Parameter<T>> parameters, TOther others)
            where TRule : struct, ITensorRule where TOther : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
        {
            ArgumentNullException.ThrowIfNull(parameters);
            Parameter<T>[] all = [.. parameters];
            Parameter<T>[] matrices = Array.FindAll(all, p => p.Shape.Rank == 2), rest = Array.FindAll(all, p => p.Shape.Rank != 2);
            Optimizer<T> optimizer = new();
            if (matrices.Length > 0 || rest.Length == 0)
            {
                optimizer.AddGroup(rule, matrices);
            }
            if (rest.Length > 0)
            {
                optimizer.AddGroup(others, rest);
            }
            return optimizer;
        }
    }

    extension<T>(Optimizer<T> optimizer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// Adds parameters under a rule over tensors. They may be added at any time: their state begins at their first step.
        /// </summary>
        /// <exception cref="ArgumentException">
        /// There are no parameters, one was added before, two have the same name, or one is not of a shape that the rule takes.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
        public Group<TRule, T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, ITensorRule =>
            optimizer.Add(typeof(TRule).Name, parameters, entries => new TensorGroup<TRule, T>(rule, entries));

        /// <summary>
        /// Passes the present gradients to the groups whose rule is an <see cref="ICurvatureRule"/>, as those that measure curvature, and
        /// clears them there. Call it every few steps, after a backward pass from a loss made for it (see <c>SophiaG</c>) and before the
        /// next <see cref="Optimizer{T}.Step"/>.
        /// </summary>
        public void UpdateCurvature()
        {
            for (int i = 0; i < optimizer.Groups.Count; i++) // foreach would allocate its enumerator
            {
                (optimizer.Groups[i] as ICurvatureGroup)?.UpdateCurvature(optimizer.Maximize ? -1 : 1, optimizer.KeepGradients);
            }
        }
    }
}
