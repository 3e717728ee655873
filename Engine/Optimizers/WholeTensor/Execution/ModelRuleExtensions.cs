using System.Numerics;

namespace Engine;

/// <summary>
/// Adds rules over the whole model to <see cref="Optimizer"/> and <see cref="Optimizer{T}"/>, under the same method names as other rules.
/// </summary>
public static class ModelRuleExtensions
{
    extension(Optimizer)
    {
        /// <summary>Creates an optimizer with one group: these parameters under this rule.</summary>
        /// <exception cref="ArgumentException">There are no parameters, one is given twice, or two have the same name.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
        public static Optimizer<T> For<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters)
            where TRule : struct, IModelRule where T : unmanaged, IFloatingPointIeee754<T>
        {
            Optimizer<T> optimizer = new();
            optimizer.AddGroup(rule, parameters);
            return optimizer;
        }
    }

    extension<T>(Optimizer<T> optimizer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Adds parameters under a rule over the whole group.</summary>
        /// <exception cref="ArgumentException">There are no parameters, one was added before, or two have the same name.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
        public Group<TRule, T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IModelRule =>
            optimizer.Add(typeof(TRule).Name, parameters, entries => new ModelGroup<TRule, T>(rule, entries));
    }
}
