using System.Numerics;

namespace Engine;

/// <summary>A group under an elementwise rule of a known type.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class ElementwiseGroup<TRule, T> : Group<TRule, T>, IElementwiseGroup<T>
    where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ScalarPass<T> _scalarPass = new(RuleDeclaration.Of<TRule>());
    private readonly Buffer<T> _scalars;
    private int _scalarCount;

    internal ElementwiseGroup(TRule rule, ParameterEntry<T>[] entries) : base(entries)
    {
        _scalars = new Buffer<T>(entries.Length * ScalarPass<T>.Capacity, clear: true);
        Rule = rule;
    }

    /// <inheritdoc/>
    public override Hyperparameter LearningRate
    {
        get => Rule.LearningRate;
        set => Rule = Rule with { LearningRate = value };
    }

    ParameterEntry<T>[] IElementwiseGroup<T>.Entries => Entries;

    void IElementwiseGroup<T>.Discard() => Discard();

    internal override bool NeedsGradientNorm => TRule.NeedsGradientNorm;

    internal override StateLayout LayoutOf(ParameterEntry<T> entry) => new(
        [.. TRule.States.Select((name, i) => new StateArray(name.Symbol, name.Key, entry.Parameter.Shape, Rule.InitialValue(i)))],
        TRule.Scalars);

    internal override unsafe void SetState(ParameterEntry<T> entry, Buffer<T>[] arrays, double[] scalars)
    {
        base.SetState(entry, arrays, scalars);
        entry.Operands = new SweepOperands<T>
        {
            Value = entry.Parameter.ValueBuffer.Pointer,
            Length = entry.Parameter.Shape.Length,
            Gradient = entry.Parameter.GradientBuffer.Pointer,
            First = Array(0),
            Second = Array(1),
            Third = Array(2),
            Fourth = Array(3),
        };

        T* Array(int index) => index < entry.State.Length ? entry.State[index].Pointer : null;
    }

    internal override unsafe void Stage()
    {
        NextLearningRate = LastLearningRate;
        // without numbers of its own, a parameter at the same update as the one before it has the same scalars
        bool canShare = TRule.Scalars.Count == 0 && !TRule.NeedsGradientNorm;
        ParameterEntry<T>? last = null;
        for (int i = 0; i < Entries.Length; i++)
        {
            ParameterEntry<T> entry = Entries[i];
            entry.IsUpdated = entry.Parameter.HasGradient;
            if (!entry.IsUpdated)
            {
                continue;
            }
            StageState(entry);
            entry.Operands.Gradient = entry.Gradient.Pointer;
            if (canShare && last is not null && last.Updates == entry.Updates && last.Scale == entry.Scale)
            {
                entry.Operands.Scalars = last.Operands.Scalars;
                continue;
            }
            ComputeScalars(entry, i, TRule.NeedsGradientNorm ? entry.GradientNorm : double.NaN);
            last = entry;
        }
    }

    private unsafe void ComputeScalars(ParameterEntry<T> entry, int index, double norm)
    {
        T* scalars = _scalars.Pointer + index * ScalarPass<T>.Capacity;
        ComputeScalars(entry, scalars, norm * Math.Abs(entry.Scale.Factor), entry.NextScalars);
        entry.Operands.Scalars = scalars;
        NextLearningRate = Rule.LearningRate.At(entry.Updates);
    }

    private unsafe void ComputeScalars(ParameterEntry<T> entry, T* scalars, double norm, double[] next)
    {
        _scalarPass.Run(Rule, scalars, entry.Updates + 1, norm, entry.Scalars, next, entry.Scale);
        if (_scalarPass.Count != _scalarCount)
        {
            throw RuleTrial.Branches(RuleName, entry.Updates + 1, _scalarPass.Count, _scalarCount);
        }
    }

    /// <summary>‖g‖₂ as the rule sees it, where it needs it.</summary>
    internal static double GradientNorm(ParameterEntry<T> entry) =>
        TRule.NeedsGradientNorm ? entry.GradientNorm * Math.Abs(entry.Scale.Factor) : double.NaN;

    public void Sweep(ParameterEntry<T> entry, int from, int to, bool clamp) =>
        Engine.Sweep.Run<TRule, T>(Rule, in entry.Operands, from, to, clamp);

    public void StageRows(ParameterEntry<T> entry, ReadOnlySpan<T> gradients)
    {
        StageState(entry);
        double norm = TRule.NeedsGradientNorm ? Vectors.Norm(gradients) : double.NaN;
        ComputeScalars(entry, Array.IndexOf(Entries, entry), norm);
    }

    public unsafe void StepRows(ParameterEntry<T> entry, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients, bool clamp)
    {
        int columns = gradients.Length / Math.Max(1, rows.Length);
        fixed (T* gradient = gradients)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                SweepOperands<T> row = entry.Operands.From((nint)rows[i] * columns, gradient + (nint)i * columns);
                Engine.Sweep.Run<TRule, T>(Rule, in row, 0, columns, clamp);
            }
        }
        LastLearningRate = NextLearningRate;
        entry.IsStaged = false;
        entry.Updates++;
        KeepScalars(entry);
    }

    internal override void Finish(bool keepGradients)
    {
        foreach (ParameterEntry<T> entry in Entries)
        {
            if (entry.IsUpdated)
            {
                KeepScalars(entry);
            }
        }
        base.Finish(keepGradients);
    }

    private static void KeepScalars(ParameterEntry<T> entry) => (entry.Scalars, entry.NextScalars) = (entry.NextScalars, entry.Scalars);

    public unsafe void ToEvaluationPoint(ParameterEntry<T> entry, Span<T> values)
    {
        if (Rule is not IAveragedRule averaged || entry.Updates == 0)
        {
            return;
        }
        T* scalars = stackalloc T[ScalarPass<T>.Capacity];
        for (int i = 0; i < values.Length; i++)
        {
            Step<Scalar<double>, Scalar<T>> at = new(_scalarPass.Start(scalars, entry.Updates));
            State<Scalar<T>> state = new()
            {
                First = Element(0, i),
                Second = Element(1, i),
                Third = Element(2, i),
                Fourth = Element(3, i),
            };
            values[i] = averaged.EvaluationPoint(ref at, new Scalar<T>(values[i]), state).Value;
        }

        Scalar<T> Element(int array, int index) => array < entry.State.Length ? new(entry.State[array].Span[index]) : default;
    }

    public TResult Accept<TResult>(IElementwiseGroupVisitor<T, TResult> visitor) => visitor.Visit(this);

    /// <summary>
    /// Computes the scalars of the coming step once and drops them, so that a hyperparameter outside its range throws before any step.
    /// </summary>
    internal unsafe void CheckStep(ParameterEntry<T> entry, double gradientNorm)
    {
        T* scalars = stackalloc T[ScalarPass<T>.Capacity];
        ComputeScalars(entry, scalars, gradientNorm, new double[TRule.Scalars.Count]);
    }

    private protected override void Prepare(TRule rule, HyperparameterList hyperparameters)
    {
        RuleDeclaration.CheckConstructed(rule);
        hyperparameters.WeightDecay = rule.WeightDecay;
        for (int i = 0; i < TRule.States.Count; i++)
        {
            _ = rule.InitialValue(i);
        }
        long updates = Entries.Max(entry => entry.Updates);
        _scalarCount = RuleTrial.Run(rule, new ScalarPass<T>(_scalarPass.Declaration) { Hyperparameters = hyperparameters }, updates);
    }
}
