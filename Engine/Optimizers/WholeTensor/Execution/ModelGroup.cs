using System.Numerics;

namespace Engine;

/// <summary>A group under a rule that needs all its parameters together.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class ModelGroup<TRule, T> : Group<TRule, T>, IWholeTensorGroup
    where TRule : struct, IModelRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ModelStep<T> _step, _dryStep;
    private readonly DryRun<T> _dryRun;

    internal ModelGroup(TRule rule, ParameterEntry<T>[] entries) : base(entries)
    {
        Scratch<T> scratch = new();
        Scratch<double> doubleScratch = new();
        CheckDeclaration(rule);
        IEnumerable<TensorStep<T>> steps = entries.Select(entry => new TensorStep<T>(entry, RuleName, scratch, doubleScratch));
        _step = new ModelStep<T>(steps, RuleName, TRule.Scalars.Count);
        _dryRun = new DryRun<T>(RuleName, 1, shape => rule.States(shape), TRule.Scalars.Count);
        _dryStep = new ModelStep<T>([_dryRun.Step], RuleName, TRule.Scalars.Count);
        Rule = rule;
    }

    /// <inheritdoc/>
    public override Hyperparameter LearningRate
    {
        get => Rule.LearningRate;
        set => Rule = Rule with { LearningRate = value };
    }

    internal override StateLayout LayoutOf(ParameterEntry<T> entry) => new(Rule.States(entry.Parameter.Shape), TRule.Scalars);

    internal override void Stage()
    {
        NextLearningRate = LastLearningRate;
        long updates = 0;
        bool hasGradient = false;
        foreach (ParameterEntry<T> entry in Entries)
        {
            entry.IsUpdated = entry.Parameter.HasGradient;
            hasGradient |= entry.IsUpdated;
            updates = Math.Max(updates, entry.Updates);
        }
        if (!hasGradient)
        {
            return;
        }
        Check(Rule, updates);
        foreach (ParameterEntry<T> entry in Entries)
        {
            StageState(entry);
        }
        NextLearningRate = Rule.LearningRate.At(updates);
    }

    public void Update()
    {
        _step.Begin(Rule.WeightDecay, Rule.LearningRate);
        foreach (ParameterEntry<T> entry in Entries)
        {
            if (entry.IsUpdated && entry.Parameter.Shape.Length > 0)
            {
                Rule.Update(_step);
                return;
            }
        }
    }

    private protected override void Prepare(TRule rule, HyperparameterList hyperparameters)
    {
        CheckDeclaration(rule);
        hyperparameters.WeightDecay = rule.WeightDecay;
        _dryStep.OnHyper = (value, _, _, property) => hyperparameters.Add(property, value);
        _dryRun.Step.OnHyper = _dryStep.OnHyper;
        try
        {
            Check(rule, Entries.Max(entry => entry.Updates));
        }
        finally
        {
            (_dryStep.OnHyper, _dryRun.Step.OnHyper) = (null, null); // every step runs them too
        }
    }

    private void CheckDeclaration(TRule rule)
    {
        RuleDeclaration.CheckConstructed(rule);
        foreach (ParameterEntry<T> entry in Entries)
        {
            new StateLayout(rule.States(entry.Parameter.Shape), TRule.Scalars).Check(RuleName, entry.Parameter.Shape);
        }
    }

    private void Check(TRule rule, long updates)
    {
        _dryRun.Begin(updates, rule.WeightDecay, rule.LearningRate);
        _dryStep.Begin(rule.WeightDecay, rule.LearningRate);
        rule.Update(_dryStep);
    }
}
