using System.Numerics;

namespace Engine;

/// <summary>A group under a rule that looks at whole tensors.</summary>
public sealed class TensorGroup<TRule, T> : Group<T> where TRule : struct, ITensorRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly StandIn<T>?[] _standIns = new StandIn<T>?[Shape.MaxRank + 1];
    private readonly TensorStep<T>[] _steps;
    private double _factor, _clamp;
    private TRule _rule;
    private ICurvatureRule? _curvature;

    internal TensorGroup(TRule rule, Member<T>[] members) : base(members)
    {
        foreach (Member<T> member in members)
        {
            if (TRule.MatricesOnly && member.Parameter.Shape.Rank != 2)
            {
                throw new ArgumentException($"{RuleName}: got the parameter '{member.Parameter.Name}' of shape {member.Parameter.Shape}, expected matrices; put the others into a group under another rule.");
            }
        }
        Scratch<T> scratch = new();
        Scratch<double> wide = new();
        _steps = [.. members.Select(member => new TensorStep<T>(member, RuleName, scratch, wide))];
        Check(rule);
        _rule = rule;
        _curvature = rule as ICurvatureRule;
    }

    /// <inheritdoc/>
    public override string RuleName => typeof(TRule).Name;

    /// <summary>The rule; it may be exchanged between steps: <c>group.Rule = group.Rule with { LearningRate = 1e-4 }</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter lies outside its range.</exception>
    public TRule Rule
    {
        get => _rule;
        set
        {
            Check(value);
            _rule = value;
            _curvature = value as ICurvatureRule;
        }
    }

    internal override void Stage(double factor, double clamp)
    {
        _factor = factor;
        _clamp = clamp;
        StandIn<T>? last = null;
        foreach (TensorStep<T> step in _steps)
        {
            Member<T> member = step.Member;
            member.Moves = member.Parameter.HasGradient;
            if (!member.Moves)
            {
                continue;
            }
            StandIn<T> standIn = StandInOf(member);
            if (last != standIn || standIn.Member.Updates != member.Updates)
            {
                _rule.Update(standIn.Begin(member.Updates, _rule.WeightDecay, _rule.LearningRate));
                last = standIn;
            }
            if (!member.IsPrepared)
            {
                Prepare(member);
            }
            LearningRate = _rule.LearningRate.At(member.Updates);
        }
    }

    internal override void Sweep(Member<T> member, int from, int to, bool clamp)
    {
        // the rule needs the whole tensor: Update has it
    }

    internal override void Update()
    {
        foreach (TensorStep<T> step in _steps)
        {
            if (step.Moves)
            {
                step.Begin(_factor, _clamp, _rule.WeightDecay, _rule.LearningRate, TRule.DecaysItself);
                _rule.Update(step);
            }
        }
    }

    /// <summary>Takes up the present gradients, times <paramref name="factor"/>, as those that measure curvature, and clears them.</summary>
    internal override void UpdateCurvature(double factor, bool keepGradients)
    {
        if (_curvature is not { } rule)
        {
            return;
        }
        foreach (TensorStep<T> step in _steps)
        {
            Member<T> member = step.Member;
            if (!member.Parameter.HasGradient || member.Parameter.Shape.Length == 0)
            {
                continue;
            }
            rule.UpdateCurvature(StandInOf(member).Begin(member.Updates, WeightDecay.None, _rule.LearningRate));
            if (!member.IsPrepared)
            {
                Prepare(member);
            }
            step.Begin(factor, double.PositiveInfinity, WeightDecay.None, _rule.LearningRate);
            rule.UpdateCurvature(step);
            if (!keepGradients)
            {
                member.Parameter.ClearGradient();
            }
        }
    }

    internal override (IReadOnlyList<StateArray> Arrays, IReadOnlyList<string> Scalars) Layout(Member<T> member) => (_rule.State(member.Parameter.Shape), []);

    internal override void Prepare(Member<T> member) => member.Prepare(_rule.State(member.Parameter.Shape), 0);

    internal override bool TryEvaluate(Member<T> member, Span<T> values) => false;

    internal override void Commit(bool keepGradients) => Count(keepGradients);

    private StandIn<T> StandInOf(Member<T> member) => _standIns[member.Parameter.Shape.Rank] ??= new StandIn<T>(RuleName, member.Parameter.Shape.Rank, shape => _rule.State(shape), 0);

    /// <summary>Runs the coming step of each parameter on a stand-in, so that a hyper-parameter out of its range is found before any step.</summary>
    private void Check(TRule rule)
    {
        foreach (Member<T> member in Members)
        {
            StandIn<T> standIn = new(RuleName, member.Parameter.Shape.Rank, shape => rule.State(shape), 0);
            TensorStep<T> step = standIn.Begin(member.Updates, rule.WeightDecay, rule.LearningRate);
            rule.Update(step);
            if (rule is ICurvatureRule curvature)
            {
                curvature.UpdateCurvature(step);
            }
        }
        LearningRate = rule.LearningRate.At(Members[0].Updates);
    }
}
