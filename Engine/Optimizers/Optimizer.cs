using System.Numerics;

namespace Engine;

/// <summary>Creates optimizers: <c>Optimizer.For(new AdamW { LearningRate = 1e-3 }, model.Parameters)</c>.</summary>
public static class Optimizer
{
    /// <summary>Creates an optimizer with one group: these parameters under this rule.</summary>
    /// <param name="rule">The rule with its hyperparameters.</param>
    /// <param name="parameters">The parameters; each has a name of its own.</param>
    /// <exception cref="ArgumentException">There are no parameters, one is given twice, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
    public static Optimizer<T> For<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters)
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        Optimizer<T> optimizer = new();
        optimizer.AddGroup(rule, parameters);
        return optimizer;
    }

    /// <summary>
    /// Creates an optimizer with the usual two groups: parameters of two or more dimensions (weights) with the rule's weight decay, all
    /// others (biases, scales of normalization) without it. A decay that is part of the rule itself (NovoGrad's, ScheduleFreeAdamW's,
    /// ASGD's λ) stays in both.
    /// </summary>
    /// <param name="rule">The rule with its hyperparameters.</param>
    /// <param name="parameters">The parameters; each has a name of its own.</param>
    /// <exception cref="ArgumentException">There are no parameters, one is given twice, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
    public static Optimizer<T> WithoutBiasDecay<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters)
        where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameter<T>[] all = [.. parameters];
        Parameter<T>[] weights = Array.FindAll(all, p => p.Shape.Rank >= 2), biases = Array.FindAll(all, p => p.Shape.Rank < 2);
        Optimizer<T> optimizer = new();
        if (weights.Length > 0 || biases.Length == 0)
        {
            optimizer.AddGroup(rule, weights);
        }
        if (biases.Length > 0)
        {
            optimizer.AddGroup(rule with { WeightDecay = WeightDecay.None }, biases);
        }
        return optimizer;
    }
}
