namespace Engine;

/// <summary>
/// A rule read as symbols. What the rule assigns is found by identity: the tree that stands in a state field afterwards is that field's new value, and wherever the same tree occurs
/// in another line, the rule used the new value there. The order of the lines is that in which the trees were made.
/// </summary>
internal sealed class FormulaReading : Reading<Symbol, Symbol>
{
    public const string Parameter = "θ", Gradient = "g", Count = "t", Norm = "‖g‖", Scale = "κ", Bound = "gₘₐₓ";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Symbol> _hypers = new(StringComparer.Ordinal);
    private readonly List<FormulaTarget> _targets = [];
    private readonly IReadOnlyList<string> _stateNames, _keptNames;
    private readonly Symbol[] _state, _kept;
    private readonly Symbol?[] _keptAfter;
    private readonly double[] _keptInitial;
    private readonly Symbol _θ, _g, _t, _norm;

    private FormulaReading(IReadOnlyList<string> stateNames, IReadOnlyList<string> stateSymbols, IReadOnlyList<string> keptNames)
    {
        _stateNames = stateNames;
        _keptNames = keptNames;
        _θ = Leaf(Parameter);
        _g = Leaf(Gradient);
        _t = Leaf(Count);
        _norm = Leaf(Norm);
        _state = [.. stateSymbols.Select(Leaf)];
        _kept = [.. keptNames.Select(StateLetters.Of).Select(Leaf)];
        _keptAfter = new Symbol?[_kept.Length];
        _keptInitial = new double[_kept.Length];
    }

    public List<FormulaLine> Lines { get; } = [];

    public List<FormulaHyperparameter> Hyperparameters { get; } = [];

    public List<FormulaState> State { get; } = [];

    /// <summary>The point of evaluation of a rule that averages.</summary>
    public FormulaLine? Evaluated { get; private set; }

    public override Symbol StepNumber => _t;

    public override Symbol GradientNorm => _norm;

    /// <summary>Reads a rule; <paramref name="isScaled"/> and <paramref name="isClamped"/> put what clipping does to the gradient before it.</summary>
    public static FormulaReading Of<TRule>(in TRule rule, bool isScaled, bool isClamped) where TRule : struct, IRule
    {
        FormulaReading reading = new(TRule.StateNames, StateLetters.Of<TRule>(), TRule.ScalarNames);
        reading.Read(rule, isScaled, isClamped);
        return reading;
    }

    private void Read<TRule>(in TRule rule, bool isScaled, bool isClamped) where TRule : struct, IRule
    {
        Symbol g = _g;
        if (isScaled)
        {
            g = Lift(Leaf(Scale)) * g;
            Lines.Add(new FormulaLine(Gradient, g, true, false));
        }
        if (isClamped)
        {
            Symbol bound = Lift(Leaf(Bound));
            Lines.Add(new FormulaLine(Gradient, Symbol.Min(Symbol.Max(_g, -bound), bound), true, false));
        }
        Step<Symbol, Symbol> at = new(this);
        Symbol θ = _θ;
        g = _g;
        WeightDecay.Apply(rule.WeightDecay.Kind, rule, ref at, ref θ, ref g);
        if (!ReferenceEquals(g, _g))
        {
            Lines.Add(new FormulaLine(Gradient, g, true, false));
        }
        if (!ReferenceEquals(θ, _θ))
        {
            Lines.Add(new FormulaLine(Parameter, θ, true, false));
        }

        θ = _θ;
        State<Symbol> state = Before();
        rule.Update(ref at, ref θ, _g, ref state);
        Symbol[] after = [state.First, state.Second, state.Third, state.Fourth];
        for (int i = 0; i < _state.Length; i++)
        {
            State.Add(new FormulaState(_state[i].Name, _stateNames[i], rule.Initial(i), false));
            Assign(_state[i], after[i], false);
        }
        for (int i = 0; i < _kept.Length; i++)
        {
            State.Add(new FormulaState(_kept[i].Name, _keptNames[i], _keptInitial[i], true));
            Assign(_kept[i], _keptAfter[i] ?? _kept[i], true);
        }
        Assign(_θ, θ, false);
        Lines.AddRange(new FormulaOrder(_targets, Unique).Lines());

        if (rule is IAveragedRule averaged)
        {
            Evaluated = new FormulaLine(Unique("x"), averaged.Evaluated(ref at, _θ, Before()), false, false);
        }

        State<Symbol> Before() => new() { First = Field(0), Second = Field(1), Third = Field(2), Fourth = Field(3) };

        Symbol Field(int i) => i < _state.Length ? _state[i] : 0;
    }

    public override Symbol Hyper(Hyperparameter value, string symbol, double least, double below, string name)
    {
        string property = Property(name);
        if (!_hypers.TryGetValue(property, out Symbol? letter))
        {
            letter = Leaf(symbol);
            _hypers.Add(property, letter);
            Hyperparameters.Add(new FormulaHyperparameter(letter.Name, property, value, least, below));
        }
        return letter;
    }

    /// <summary>The property that a rule, or the decay before it, asked for in the words of its source.</summary>
    public static string Property(string name)
    {
        string property = name.StartsWith("rule.", StringComparison.Ordinal) ? name["rule.".Length..] : name;
        return property.StartsWith("WeightDecay.", StringComparison.Ordinal) ? "WeightDecay" : property;
    }

    public override Symbol Lift(Symbol scalar) => Symbol.Lift(scalar);

    public override Symbol Recall(int index, double initial)
    {
        _keptInitial[index] = initial;
        return _kept[index];
    }

    public override void Keep(int index, Symbol value) => _keptAfter[index] = value;

    public override Symbol Let(string name, Symbol value) => Name(name, value, false);

    public override Symbol LetScalar(string name, Symbol value) => Name(name, value, true);

    private Symbol Name(string name, Symbol value, bool isScalar)
    {
        Symbol named = Symbol.Named(name, value);
        _targets.Add(new FormulaTarget(named, null, isScalar));
        return named;
    }

    private void Assign(Symbol before, Symbol after, bool isScalar)
    {
        if (!ReferenceEquals(before, after))
        {
            _targets.Add(new FormulaTarget(after, before, isScalar));
        }
    }

    private Symbol Leaf(string name) => Symbol.Variable(Unique(name));

    /// <summary>The name, with as many primes as nobody else has.</summary>
    private string Unique(string name)
    {
        while (!_names.Add(name))
        {
            name += "′";
        }
        return name;
    }
}
