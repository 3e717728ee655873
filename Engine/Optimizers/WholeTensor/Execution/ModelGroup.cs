using System.Numerics;

namespace Engine;

/// <summary>A group under a rule that looks at all its parameters together.</summary>
public sealed class ModelGroup<TRule, T> : Group<T> where TRule : struct, IModelRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ModelStep<T> _step, _rehearsal;
    private readonly StandIn<T> _standIn;
    private double _factor, _clamp;
    private TRule _rule;

    internal ModelGroup(TRule rule, Member<T>[] members) : base(members)
    {
        Scratch<T> scratch = new();
        Scratch<double> wide = new();
        _step = new ModelStep<T>(members.Select(member => new TensorStep<T>(member, RuleName, scratch, wide)), RuleName);
        _standIn = new StandIn<T>(RuleName, 1, shape => rule.State(shape), TRule.ScalarNames.Count);
        _rehearsal = new ModelStep<T>([_standIn.Step], RuleName);
        _rule = rule;
        Check(rule, 0);
        LearningRate = rule.LearningRate.At(0);
    }

    /// <inheritdoc/>
    public override string RuleName => typeof(TRule).Name;

    /// <summary>The rule; it may be exchanged between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter lies outside its range.</exception>
    public TRule Rule
    {
        get => _rule;
        set
        {
            Check(value, Members.Max(member => member.Updates));
            _rule = value;
        }
    }

    /// <summary>A number that the rule keeps for the whole model, by its place in <see cref="IModelRule.ScalarNames"/>; null before the first step.</summary>
    internal double? Kept(int index) => Members.FirstOrDefault(member => member.Updates > 0)?.Kept[index];

    internal override void Stage(double factor, double clamp)
    {
        _factor = factor;
        _clamp = clamp;
        long updates = 0;
        bool moves = false;
        foreach (Member<T> member in Members)
        {
            member.Moves = member.Parameter.HasGradient;
            moves |= member.Moves;
            updates = Math.Max(updates, member.Updates);
        }
        if (!moves)
        {
            return;
        }
        Check(_rule, updates);
        foreach (Member<T> member in Members)
        {
            if (!member.IsPrepared)
            {
                Prepare(member);
            }
        }
        LearningRate = _rule.LearningRate.At(updates);
    }

    internal override void Sweep(Member<T> member, int from, int to, bool clamp)
    {
        // the rule needs all tensors: Update has them
    }

    internal override void Update()
    {
        _step.Begin(_factor, _clamp, _rule.WeightDecay, _rule.LearningRate);
        foreach (Member<T> member in Members)
        {
            if (member.Moves && member.Parameter.Shape.Length > 0)
            {
                _rule.Update(_step);
                return;
            }
        }
    }

    internal override (IReadOnlyList<StateArray> Arrays, IReadOnlyList<string> Scalars) Layout(Member<T> member) => (_rule.State(member.Parameter.Shape), TRule.ScalarNames);

    internal override void Prepare(Member<T> member) => member.Prepare(_rule.State(member.Parameter.Shape), TRule.ScalarNames.Count);

    internal override bool TryEvaluate(Member<T> member, Span<T> values) => false;

    internal override void Commit(bool keepGradients) => Count(keepGradients);

    private void Check(TRule rule, long updates)
    {
        _standIn.Begin(updates, rule.WeightDecay, rule.LearningRate);
        _rehearsal.Begin(1, double.PositiveInfinity, rule.WeightDecay, rule.LearningRate);
        rule.Update(_rehearsal);
    }
}
