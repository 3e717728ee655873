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
        /// next <see cref="Optimizer{T}.Step"/>. Under the policy <see cref="NonFinite.Skip"/> a gradient that is not finite counts as a
        /// step that was skipped.
        /// </summary>
        /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A scheduled hyperparameter is outside its range.</exception>
        /// <exception cref="InvalidOperationException">Another call is running, or a rule threw during an earlier step.</exception>
        public void UpdateCurvature()
        {
            using Optimizer<T>.Use use = optimizer.Enter(nameof(UpdateCurvature));
            if (optimizer.HasRejectedCurvature())
            {
                optimizer.ClearCurvatureGradients();
                return;
            }
            optimizer.StageCurvature();
            for (int i = 0; i < optimizer.Groups.Count; i++) // foreach would allocate its enumerator
            {
                try
                {
                    optimizer.CurvatureGroup(i)?.UpdateCurvature(optimizer.Maximize ? -1 : 1);
                }
                catch (Exception cause)
                {
                    optimizer.Fail(nameof(UpdateCurvature), optimizer.Groups[i].RuleName, cause);
                    throw;
                }
            }
            optimizer.ClearCurvatureGradients();
        }

        /// <summary>The group as one whose rule uses the curvature; null where it does not.</summary>
        private ICurvatureGroup? CurvatureGroup(int index) =>
            optimizer.Groups[index] is ICurvatureGroup { UsesCurvature: true } group ? group : null;

        /// <summary>Whether the policy rejects one of the gradients that measure curvature.</summary>
        private bool HasRejectedCurvature()
        {
            for (int i = 0; i < optimizer.Groups.Count && optimizer.NonFinite != NonFinite.Propagate; i++)
            {
                foreach (ParameterEntry<T> entry in optimizer.CurvatureGroup(i) is null ? [] : optimizer.Groups[i].Entries)
                {
                    if (Optimizer<T>.HasNonFinite(entry))
                    {
                        optimizer.Reject(nameof(UpdateCurvature), [entry]);
                        return true;
                    }
                }
            }
            return false;
        }

        private void StageCurvature()
        {
            try
            {
                for (int i = 0; i < optimizer.Groups.Count; i++)
                {
                    optimizer.CurvatureGroup(i)?.StageCurvature();
                }
            }
            catch
            {
                for (int i = 0; i < optimizer.Groups.Count; i++)
                {
                    optimizer.Groups[i].Discard();
                }
                throw;
            }
        }

        /// <summary>Keeps the state that was staged, and clears the gradients that were used.</summary>
        private void ClearCurvatureGradients()
        {
            for (int i = 0; i < optimizer.Groups.Count; i++)
            {
                if (optimizer.CurvatureGroup(i) is not null)
                {
                    foreach (ParameterEntry<T> entry in optimizer.Groups[i].Entries)
                    {
                        entry.IsStaged = false;
                        if (!optimizer.KeepGradients)
                        {
                            entry.Parameter.ClearGradient();
                        }
                    }
                }
            }
        }
    }
}
