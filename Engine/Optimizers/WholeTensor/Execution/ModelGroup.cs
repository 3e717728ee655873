using System.Numerics;

namespace Engine;

/// <summary>A group under a rule that needs all its parameters together.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ModelGroup<TRule, T> : WholeTensorGroup<T>
    where TRule : struct, IModelRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ModelStep<T> _step, _dryStep;
    private readonly DryRun<T> _dryRun;
    private GradientTransform _transform;
    private TRule _rule;

    internal ModelGroup(TRule rule, ParameterEntry<T>[] entries) : base(entries)
    {
        Scratch<T> scratch = new();
        Scratch<double> doubleScratch = new();
        CheckDeclaration(rule);
        IEnumerable<TensorStep<T>> steps = entries.Select(entry => new TensorStep<T>(entry, RuleName, scratch, doubleScratch));
        _step = new ModelStep<T>(steps, RuleName, TRule.Scalars.Count);
        _dryRun = new DryRun<T>(RuleName, 1, shape => rule.States(shape), TRule.Scalars.Count);
        _dryStep = new ModelStep<T>([_dryRun.Step], RuleName, TRule.Scalars.Count);
        _rule = rule;
        Check(rule, 0);
        LearningRate = rule.LearningRate.At(0);
    }

    /// <inheritdoc/>
    public override string RuleName => typeof(TRule).Name;

    /// <summary>The rule; it may be replaced between steps.</summary>
    /// <exception cref="ArgumentException">The rule keeps two arrays or numbers under one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is outside its range.</exception>
    public TRule Rule
    {
        get => _rule;
        set
        {
            CheckDeclaration(value);
            Check(value, Entries.Max(entry => entry.Updates));
            _rule = value;
        }
    }

    /// <summary>A number that the rule keeps for the whole model; null before the first step.</summary>
    /// <param name="index">Its position in <see cref="IModelRule.Scalars"/>.</param>
    internal double? Scalar(int index) => Entries.FirstOrDefault(entry => entry.Updates > 0)?.Scalars[index];

    internal override StateLayout LayoutOf(ParameterEntry<T> entry) => new(_rule.States(entry.Parameter.Shape), TRule.Scalars);

    internal override void Stage(GradientTransform transform)
    {
        NextLearningRate = LearningRate;
        _transform = transform;
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
        Check(_rule, updates);
        foreach (ParameterEntry<T> entry in Entries)
        {
            StageState(entry);
        }
        NextLearningRate = _rule.LearningRate.At(updates);
    }

    internal override void Update()
    {
        _step.Begin(_transform, _rule.WeightDecay, _rule.LearningRate);
        foreach (ParameterEntry<T> entry in Entries)
        {
            if (entry.IsUpdated && entry.Parameter.Shape.Length > 0)
            {
                _rule.Update(_step);
                return;
            }
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
        _dryStep.Begin(GradientTransform.Identity, rule.WeightDecay, rule.LearningRate);
        rule.Update(_dryStep);
    }
}
