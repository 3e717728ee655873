using System.Numerics;

namespace Engine;

/// <summary>
/// <see cref="Optimizer"/> and <see cref="Optimizer{T}"/> for rules over whole tensors, under the same names as for those that go element by element.
/// They stand here because C# does not allow two methods of one class that differ in their constraints alone.
/// </summary>
public static class TensorOptimizers
{
    extension(Optimizer)
    {
        /// <summary>An optimizer with one group: these parameters under this rule.</summary>
        /// <exception cref="ArgumentException">There are no parameters, one is there twice, two have the same name, or one is not of a shape that the rule takes.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
        public static Optimizer<T> For<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, ITensorRule where T : unmanaged, IFloatingPointIeee754<T>
        {
            Optimizer<T> optimizer = new();
            optimizer.AddGroup(rule, parameters);
            return optimizer;
        }

        /// <summary>An optimizer with two groups: the matrices under this rule, all other parameters (biases, norms, kernels of convolutions) under the other.</summary>
        /// <example><c>Optimizer.For(new Muon { LearningRate = 0.02 }, model.Parameters, others: new AdamW { LearningRate = 3e-4 })</c></example>
        /// <exception cref="ArgumentException">There are no parameters, one is there twice, or two have the same name.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of a rule lies outside its range.</exception>
        public static Optimizer<T> For<TRule, TOther, T>(TRule rule, IEnumerable<Parameter<T>> parameters, TOther others)
            where TRule : struct, ITensorRule where TOther : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
        {
            ArgumentNullException.ThrowIfNull(parameters);
            Parameter<T>[] all = [.. parameters], matrices = Array.FindAll(all, p => p.Shape.Rank == 2), rest = Array.FindAll(all, p => p.Shape.Rank != 2);
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
        /// <summary>Adds parameters under a rule over tensors. Works at any time: their state begins at their first step.</summary>
        /// <exception cref="ArgumentException">There are no parameters, one is there already, two have the same name, or one is not of a shape that the rule takes.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
        public TensorGroup<TRule, T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, ITensorRule =>
            optimizer.Add(typeof(TRule).Name, parameters, members => new TensorGroup<TRule, T>(rule, members));

        /// <summary>
        /// Takes up the present gradients as those that measure curvature, in the groups whose rule is an <see cref="ICurvatureRule"/>, and clears them there:
        /// to be called every few steps, after a backward walk from a loss made for it (<see cref="SophiaG"/>) and before the next <see cref="Optimizer{T}.Step"/>.
        /// </summary>
        public void UpdateCurvature()
        {
            for (int i = 0; i < optimizer.Groups.Count; i++)
            {
                optimizer.Groups[i].UpdateCurvature(optimizer.Maximize ? -1 : 1, optimizer.KeepGradients);
            }
        }
    }
}
