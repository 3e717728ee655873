using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Parameters that share a rule and its hyper-parameters.</summary>
public abstract class Group<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected Group(Member<T>[] members) => Members = members;

    /// <summary>The rule's name.</summary>
    public abstract string RuleName { get; }

    /// <summary>The learning rate of the last step, or of the first to come.</summary>
    public double LearningRate { get; private protected set; }

    /// <summary>The parameters.</summary>
    public IEnumerable<Parameter<T>> Parameters => Members.Select(m => m.Parameter);

    internal Member<T>[] Members { get; }

    /// <summary>Computes the scalars of the coming step of each parameter with a gradient; changes nothing that a later step can see.</summary>
    internal abstract void Stage(double factor, double clamp);

    /// <summary>Runs elements of one parameter through the rule.</summary>
    internal abstract void Sweep(Member<T> member, int from, int to, bool clamp);

    /// <summary>Takes the parameters on that do not go through the sweep.</summary>
    internal virtual void Update()
    {
    }

    /// <summary>The state arrays of one parameter, and the names of the numbers kept for it.</summary>
    internal abstract (IReadOnlyList<StateArray> Arrays, IReadOnlyList<string> Scalars) Layout(Member<T> member);

    /// <summary>State as it is before the first step.</summary>
    internal abstract void Prepare(Member<T> member);

    /// <summary>The point of evaluation of one element, where it is another than the value.</summary>
    internal abstract bool TryEvaluate(Member<T> member, Span<T> values);

    /// <summary>What the coming step will do to one element; changes nothing.</summary>
    internal virtual StepExplanation Explain(Member<T> member, int index, double factor, double clamp) =>
        throw new NotSupportedException($"Explain: {RuleName} does not go element by element, expected a rule that does.");

    /// <summary>Counts the step, and clears the gradients.</summary>
    internal abstract void Commit(bool keepGradients);

    /// <summary>Takes up the present gradients, times <paramref name="factor"/>, as those that measure curvature, if the rule wants such, and clears them.</summary>
    internal virtual void UpdateCurvature(double factor, bool keepGradients)
    {
    }

    /// <summary>The step of some rows of a parameter, whose gradients stand one after another.</summary>
    internal virtual void StepRows(Member<T> member, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients, double factor, double clamp) =>
        throw new InvalidOperationException($"StepRows: got the parameter '{member.Parameter.Name}' under {RuleName}, which needs the whole tensor; expected a rule that goes element by element.");

    /// <summary>The commit of groups that keep nothing else from step to step.</summary>
    private protected void Count(bool keepGradients)
    {
        foreach (Member<T> member in Members)
        {
            if (!member.Moves)
            {
                continue;
            }
            member.Updates++;
            if (!keepGradients)
            {
                member.Parameter.ClearGradient();
            }
        }
    }
}

/// <summary>A parameter in an optimizer: its count, its state, and where they stand for the sweep.</summary>
internal sealed class Member<T>(Parameter<T> parameter) where T : unmanaged, IFloatingPointIeee754<T>
{
    public Parameter<T> Parameter { get; } = parameter;

    /// <summary>The updates made.</summary>
    public long Updates { get; set; }

    /// <summary>The state arrays; none before the first step.</summary>
    public Buffer<T>[] State { get; set; } = [];

    /// <summary>The numbers kept beside the arrays, now and after the step that is being staged.</summary>
    public double[] Kept { get; set; } = [];

    public double[] Next { get; set; } = [];

    /// <summary>‖g‖₂² of the coming step, where it was asked for.</summary>
    public double SquaredNorm { get; set; }

    /// <summary>Whether the step that is being made moves it.</summary>
    public bool Moves { get; set; }

    /// <summary>The value before the step, where updates are measured.</summary>
    public Buffer<T>? Before { get; set; }

    /// <summary>For the sweep.</summary>
    public Segment<T> Segment;

    /// <summary>Whether the state stands ready.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>The state as it is before the first step.</summary>
    public void Prepare(IReadOnlyList<StateArray> arrays, int scalars)
    {
        Buffer<T>[] state = new Buffer<T>[arrays.Count];
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = new Buffer<T>(arrays[i].Shape.Length, clear: true);
            if (arrays[i].Initial.IsParameter)
            {
                Parameter.Value.Span.CopyTo(state[i].Span);
            }
            else if (arrays[i].Initial.Value != 0)
            {
                state[i].Span.Fill(T.CreateTruncating(arrays[i].Initial.Value));
            }
        }
        State = state;
        Kept = new double[scalars];
        IsPrepared = true;
    }

    /// <summary>As before the first step.</summary>
    public void Reset()
    {
        Updates = 0;
        IsPrepared = false;
        State = [];
        Kept = [];
        Segment = default;
    }
}

/// <summary>A group under an elementwise rule.</summary>
public sealed class RuleGroup<TRule, T> : Group<T> where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Staging<T> _staging = new() { RuleName = typeof(TRule).Name };
    private readonly Buffer<T> _tables;
    private TRule _rule;

    internal RuleGroup(TRule rule, Member<T>[] members) : base(members)
    {
        if (TRule.StateNames.Count > 4)
        {
            throw new ArgumentException($"{RuleName}: got {TRule.StateNames.Count} state arrays, expected at most 4.");
        }
        _tables = new Buffer<T>(members.Length * Staging<T>.Capacity, clear: true);
        _rule = rule;
        Check(rule);
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
        }
    }

    internal override unsafe void Stage(double factor, double clamp)
    {
        bool alike = TRule.ScalarNames.Count == 0 && !TRule.NeedsGradientNorm;
        Member<T>? last = null;
        for (int i = 0; i < Members.Length; i++)
        {
            Member<T> member = Members[i];
            member.Moves = member.Parameter.HasGradient;
            if (!member.Moves)
            {
                continue;
            }
            if (!member.IsPrepared)
            {
                Prepare(member);
            }
            if (alike && last is not null && last.Updates == member.Updates)
            {
                member.Segment.Table = last.Segment.Table;
                member.Segment.TableLength = last.Segment.TableLength;
                continue;
            }
            Stage(member, i, member.Parameter.Gradient.Span, factor, clamp);
            last = member;
        }
    }

    private unsafe void Stage(Member<T> member, int index, ReadOnlySpan<T> gradient, double factor, double clamp)
    {
        T* table = _tables.Pointer + index * Staging<T>.Capacity;
        _staging.Run(_rule, table, member.Updates + 1, GradientNorm(gradient, factor), member.Kept, member.Next, factor, clamp);
        member.Segment.Table = table;
        member.Segment.TableLength = _staging.Count;
        LearningRate = _rule.LearningRate.At(member.Updates);
    }

    internal override unsafe void StepRows(Member<T> member, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients, double factor, double clamp)
    {
        if (!member.IsPrepared)
        {
            Prepare(member);
        }
        Stage(member, Array.IndexOf(Members, member), gradients, factor, clamp);
        int columns = gradients.Length / Math.Max(1, rows.Length);
        fixed (T* gradient = gradients)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                nint from = (nint)rows[i] * columns;
                Segment<T> row = member.Segment;
                row.Value += from;
                row.Gradient = gradient + (nint)i * columns;
                row.First = row.First == null ? null : row.First + from;
                row.Second = row.Second == null ? null : row.Second + from;
                row.Third = row.Third == null ? null : row.Third + from;
                row.Fourth = row.Fourth == null ? null : row.Fourth + from;
                row.Length = columns;
                Engine.Sweep.Run<TRule, T>(_rule, in row, 0, columns, clamp < double.PositiveInfinity);
            }
        }
        member.Updates++;
        (member.Kept, member.Next) = (member.Next, member.Kept);
    }

    internal override void Sweep(Member<T> member, int from, int to, bool clamp) => Engine.Sweep.Run<TRule, T>(_rule, in member.Segment, from, to, clamp);

    internal override unsafe StepExplanation Explain(Member<T> member, int index, double factor, double clamp)
    {
        T* table = stackalloc T[Staging<T>.Capacity];
        double norm = GradientNorm(member.Parameter.Gradient.Span, factor);
        _staging.Run(_rule, table, member.Updates + 1, norm, member.Kept, new double[TRule.ScalarNames.Count], factor, clamp); // throws where the step would
        return new Explainer<T>(Formula.Of(_rule, factor != 1, clamp < double.PositiveInfinity), member, index, norm, factor, clamp).Explain();
    }

    private static double GradientNorm(ReadOnlySpan<T> gradient, double factor) =>
        TRule.NeedsGradientNorm ? Math.Sqrt(Reduction.SumOfSquares(gradient)) * Math.Abs(factor) : double.NaN;

    internal override void Commit(bool keepGradients)
    {
        foreach (Member<T> member in Members)
        {
            if (!member.Moves)
            {
                continue;
            }
            member.Updates++;
            (member.Kept, member.Next) = (member.Next, member.Kept);
            if (!keepGradients)
            {
                member.Parameter.ClearGradient();
            }
        }
    }

    internal override (IReadOnlyList<StateArray> Arrays, IReadOnlyList<string> Scalars) Layout(Member<T> member) =>
        ([.. TRule.StateNames.Select((name, i) => new StateArray(name, member.Parameter.Shape, _rule.Initial(i)))], TRule.ScalarNames);

    internal override unsafe bool TryEvaluate(Member<T> member, Span<T> values)
    {
        if (_rule is not IAveragedRule averaged)
        {
            return false;
        }
        if (member.Updates == 0)
        {
            return true; // no step yet: the value itself
        }
        T* table = stackalloc T[Staging<T>.Capacity];
        for (int i = 0; i < values.Length; i++)
        {
            Step<Scalar<double>, Scalar<T>> at = new(_staging.Begin(table, member.Updates));
            State<Scalar<T>> state = new() { First = Of(0, i), Second = Of(1, i), Third = Of(2, i), Fourth = Of(3, i) };
            values[i] = averaged.Evaluated(ref at, new Scalar<T>(values[i]), state).Value;
        }
        return true;

        Scalar<T> Of(int array, int element) => array < member.State.Length ? new(member.State[array].Span[element]) : default;
    }

    internal override unsafe void Prepare(Member<T> member)
    {
        member.Prepare(Layout(member).Arrays, TRule.ScalarNames.Count);
        member.Next = new double[TRule.ScalarNames.Count];
        member.Segment = new Segment<T>
        {
            Value = member.Parameter.Value.Buffer.Pointer,
            Gradient = member.Parameter.GradientBuffer.Pointer,
            Length = member.Parameter.Shape.Length,
            First = At(0),
            Second = At(1),
            Third = At(2),
            Fourth = At(3),
        };

        T* At(int index) => index < member.State.Length ? member.State[index].Pointer : null;
    }

    /// <summary>Runs the scalars of the coming step once, so that a hyper-parameter out of its range is found before any step.</summary>
    private unsafe void Check(TRule rule)
    {
        if (EqualityComparer<TRule>.Default.Equals(rule, default) && !EqualityComparer<TRule>.Default.Equals(rule, new TRule()))
        {
            throw new ArgumentException($"{RuleName}: got default({RuleName}), whose hyper-parameters are all 0, expected new {RuleName}().", nameof(rule));
        }
        for (int i = 0; i < TRule.StateNames.Count; i++)
        {
            _ = rule.Initial(i);
        }
        long updates = Members.Max(member => member.Updates);
        T* table = stackalloc T[Staging<T>.Capacity];
        double[] kept = new double[TRule.ScalarNames.Count];
        _staging.Run(rule, table, updates + 1, 1, kept, kept, 1, double.PositiveInfinity);
        LearningRate = rule.LearningRate.At(updates);
    }
}
