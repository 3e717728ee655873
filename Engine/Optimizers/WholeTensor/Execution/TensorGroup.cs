using System.Numerics;

namespace Engine;

/// <summary>A group under a rule that needs each tensor as a whole.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class TensorGroup<TRule, T> : Group<TRule, T>, IWholeTensorGroup, ICurvatureGroup
    where TRule : struct, ITensorRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DryRun<T>?[] _dryRuns = new DryRun<T>?[Shape.MaxRank + 1];
    private readonly TensorStep<T>[] _steps;
    private ICurvatureRule? _curvature;

    internal TensorGroup(TRule rule, ParameterEntry<T>[] entries) : base(entries)
    {
        foreach (ParameterEntry<T> entry in entries)
        {
            if (TRule.MatricesOnly && entry.Parameter.Shape.Rank != 2)
            {
                throw new ArgumentException(
                    $"{RuleName}: got the parameter '{entry.Parameter.Name}' of shape {entry.Parameter.Shape}, expected a matrix; put " +
                    "the others into a group under another rule.");
            }
        }
        Scratch<T> scratch = new();
        Scratch<double> doubleScratch = new();
        _steps = [.. entries.Select(entry => new TensorStep<T>(entry, RuleName, scratch, doubleScratch))];
        Rule = rule;
    }

    /// <inheritdoc/>
    public override Hyperparameter LearningRate
    {
        get => Rule.LearningRate;
        set => Rule = Rule with { LearningRate = value };
    }

    internal override StateLayout LayoutOf(ParameterEntry<T> entry) => new(Rule.States(entry.Parameter.Shape), []);

    internal override void Stage()
    {
        NextLearningRate = LastLearningRate;
        DryRun<T>? last = null;
        foreach (TensorStep<T> step in _steps)
        {
            ParameterEntry<T> entry = step.Entry;
            entry.IsUpdated = entry.Parameter.HasGradient;
            if (!entry.IsUpdated)
            {
                continue;
            }
            DryRun<T> dryRun = DryRunOf(entry);
            if (last != dryRun || dryRun.Entry.Updates != entry.Updates)
            {
                Rule.Update(dryRun.Begin(entry.Updates, Rule.WeightDecay, Rule.LearningRate));
                last = dryRun;
            }
            StageState(entry);
            NextLearningRate = Rule.LearningRate.At(entry.Updates);
        }
    }

    public void Update()
    {
        foreach (TensorStep<T> step in _steps)
        {
            if (step.IsUpdated)
            {
                step.Begin(step.Entry.Scale, Rule.WeightDecay, Rule.LearningRate, TRule.AppliesDecay);
                Rule.Update(step);
            }
        }
    }

    bool ICurvatureGroup.UsesCurvature => _curvature is not null;

    void ICurvatureGroup.StageCurvature()
    {
        foreach (ParameterEntry<T> entry in Entries)
        {
            if (entry.Parameter.HasGradient)
            {
                _curvature!.UpdateCurvature(DryRunOf(entry).Begin(entry.Updates, WeightDecay.None, Rule.LearningRate));
                StageState(entry);
            }
        }
    }

    void ICurvatureGroup.UpdateCurvature(double factor)
    {
        foreach (TensorStep<T> step in _steps)
        {
            if (step.Entry.Parameter.HasGradient && step.Shape.Length > 0)
            {
                step.Begin(new GradientScale(factor), WeightDecay.None, Rule.LearningRate);
                _curvature!.UpdateCurvature(step);
            }
        }
    }

    private DryRun<T> DryRunOf(ParameterEntry<T> entry) =>
        _dryRuns[entry.Parameter.Shape.Rank] ??= CreateDryRun(Rule, entry.Parameter.Shape.Rank);

    private DryRun<T> CreateDryRun(TRule rule, int rank) => new(RuleName, rank, shape => rule.States(shape), 0);

    /// <summary>
    /// Runs the coming step of each parameter on one element, so that a hyperparameter outside its range throws before any step.
    /// </summary>
    private protected override void Prepare(TRule rule, HyperparameterList hyperparameters)
    {
        RuleDeclaration.CheckConstructed(rule);
        hyperparameters.WeightDecay = rule.WeightDecay;
        foreach (ParameterEntry<T> entry in Entries)
        {
            Shape shape = entry.Parameter.Shape;
            new StateLayout(rule.States(shape), []).Check(RuleName, shape);
            DryRun<T> dryRun = CreateDryRun(rule, shape.Rank);
            dryRun.Step.OnHyper = (value, _, _, property) => hyperparameters.Add(property, value);
            TensorStep<T> step = dryRun.Begin(entry.Updates, rule.WeightDecay, rule.LearningRate);
            rule.Update(step);
            if (rule is ICurvatureRule curvature)
            {
                curvature.UpdateCurvature(step);
            }
        }
        _curvature = rule as ICurvatureRule;
    }
}
