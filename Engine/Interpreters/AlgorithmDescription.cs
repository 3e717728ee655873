namespace Engine;

/// <summary>
/// The hyperparameters and the state of a rule over whole tensors or over the whole model, as the rule itself reports them when it runs on
/// a parameter of one element: <c>AlgorithmDescription.Of(new Lars())</c>. Elementwise rules have a <see cref="Formula"/>.
/// </summary>
public sealed class AlgorithmDescription
{
    private readonly Func<Shape, IReadOnlyList<StateArray>> _states;

    private AlgorithmDescription(string name, IReadOnlyList<FormulaHyperparameter> hyperparameters, IReadOnlyList<StateName> scalars,
        Func<Shape, IReadOnlyList<StateArray>> states)
    {
        Name = name;
        Hyperparameters = hyperparameters;
        Scalars = scalars;
        _states = states;
    }

    /// <summary>The rule's name.</summary>
    public string Name { get; }

    /// <summary>The hyperparameters, in the order in which the rule reads them.</summary>
    public IReadOnlyList<FormulaHyperparameter> Hyperparameters { get; }

    /// <summary>The numbers that are kept for the whole model.</summary>
    public IReadOnlyList<StateName> Scalars { get; }

    /// <summary>Describes a rule over whole tensors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
    public static AlgorithmDescription Of<TRule>(TRule rule) where TRule : struct, ITensorRule
    {
        DryRun<double> dryRun = new(typeof(TRule).Name, rank: 2, shape => rule.States(shape), scalars: 0);
        List<FormulaHyperparameter> hyperparameters = Listen(dryRun.Step);
        TensorStep<double> step = dryRun.Begin(0, rule.WeightDecay, rule.LearningRate);
        rule.Update(step);
        if (rule is ICurvatureRule curvature)
        {
            curvature.UpdateCurvature(step);
        }
        return new AlgorithmDescription(typeof(TRule).Name, hyperparameters, [], shape => rule.States(shape));
    }

    /// <summary>The state arrays for a parameter of this shape.</summary>
    public IReadOnlyList<StateArray> StatesFor(in Shape shape) => _states(shape);

    /// <summary>Describes a rule over the whole model.</summary>
    internal static AlgorithmDescription OfModel<TRule>(TRule rule) where TRule : struct, IModelRule
    {
        DryRun<double> dryRun = new(typeof(TRule).Name, rank: 2, shape => rule.States(shape), TRule.Scalars.Count);
        ModelStep<double> step = new([dryRun.Step], typeof(TRule).Name, TRule.Scalars.Count);
        List<FormulaHyperparameter> hyperparameters = Listen(step);
        dryRun.Begin(0, rule.WeightDecay, rule.LearningRate);
        step.Begin(rule.WeightDecay, rule.LearningRate);
        rule.Update(step);
        return new AlgorithmDescription(typeof(TRule).Name, hyperparameters, TRule.Scalars, shape => rule.States(shape));
    }

    private static List<FormulaHyperparameter> Listen(RuleStep step)
    {
        List<FormulaHyperparameter> hyperparameters = [];
        step.OnHyper = (value, symbol, range, property) =>
        {
            if (hyperparameters.All(hyperparameter => hyperparameter.Property != property))
            {
                hyperparameters.Add(new FormulaHyperparameter(symbol, property, value, range));
            }
        };
        return hyperparameters;
    }
}
