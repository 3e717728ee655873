using System.Numerics;

namespace Engine;

/// <summary><see cref="Optimizer"/> and <see cref="Optimizer{T}"/> for rules over the whole model, under the same names as for all others.</summary>
public static class ModelOptimizers
{
    extension(Optimizer)
    {
        /// <summary>An optimizer with one group: these parameters under this rule.</summary>
        /// <exception cref="ArgumentException">There are no parameters, one is there twice, or two have the same name.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
        public static Optimizer<T> For<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IModelRule where T : unmanaged, IFloatingPointIeee754<T>
        {
            Optimizer<T> optimizer = new();
            optimizer.AddGroup(rule, parameters);
            return optimizer;
        }
    }

    extension<T>(Optimizer<T> optimizer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Adds parameters under a rule over the whole group.</summary>
        /// <exception cref="ArgumentException">There are no parameters, one is there already, or two have the same name.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
        public ModelGroup<TRule, T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IModelRule =>
            optimizer.Add(typeof(TRule).Name, parameters, members => new ModelGroup<TRule, T>(rule, members));
    }
}
