namespace Engine;

/// <summary>
/// Runs a rule on symbols. Assignments are found by identity: the tree in a state field after the run is the field's new value, and where
/// the same tree occurs in another line, the rule used the new value there. The lines are in the order in which the trees were created.
/// </summary>
internal sealed class FormulaInterpreter : Interpreter<Symbol, Symbol>
{
    public const string Parameter = "θ", Gradient = "g", Count = "t", Norm = "‖g‖", Scale = "κ", Bound = "gₘₐₓ";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Symbol, Symbol Letter)> _hypers = new(StringComparer.Ordinal);
    private readonly List<FormulaTarget> _targets = [];
    private readonly Symbol[] _state, _scalars;
    private readonly Symbol?[] _scalarsAfter;
    private readonly double[] _initialScalars;
    private readonly Symbol _θ, _g, _t, _norm;

    private FormulaInterpreter(RuleDeclaration declaration) : base(declaration)
    {
        _θ = Leaf(Parameter);
        _g = Leaf(Gradient);
        _t = Leaf(Count);
        _norm = Leaf(Norm);
        _state = [.. declaration.States.Select(name => Leaf(name.Symbol))];
        _scalars = [.. declaration.Scalars.Select(name => Leaf(name.Symbol))];
        _scalarsAfter = new Symbol?[_scalars.Length];
        _initialScalars = new double[_scalars.Length];
    }

    public List<FormulaLine> Lines { get; } = [];

    public List<FormulaHyperparameter> Hyperparameters { get; } = [];

    public List<FormulaState> State { get; } = [];

    /// <summary>The evaluation point of a rule that averages.</summary>
    public FormulaLine? Evaluated { get; private set; }

    public override Symbol StepNumber => _t;

    protected override Symbol DeclaredNorm => _norm;

    /// <summary>Runs a rule; <paramref name="isScaled"/> and <paramref name="isClamped"/> add the lines of clipping.</summary>
    public static FormulaInterpreter Of<TRule>(in TRule rule, bool isScaled, bool isClamped) where TRule : struct, IRule
    {
        FormulaInterpreter interpreter = new(RuleDeclaration.Of<TRule>());
        interpreter.Read(rule, isScaled, isClamped);
        return interpreter;
    }

    private void Read<TRule>(in TRule rule, bool isScaled, bool isClamped) where TRule : struct, IRule
    {
        Symbol g = _g;
        if (isScaled)
        {
            g = ToElements(Leaf(Scale)) * g;
            Lines.Add(new FormulaLine(Gradient, g, true, false));
        }
        if (isClamped)
        {
            Symbol bound = ToElements(Leaf(Bound));
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
            State.Add(new FormulaState(_state[i].Name, Declaration.States[i].Key, rule.InitialValue(i), false));
            Assign(_state[i], after[i], false);
        }
        for (int i = 0; i < _scalars.Length; i++)
        {
            State.Add(new FormulaState(_scalars[i].Name, Declaration.Scalars[i].Key, _initialScalars[i], true));
            Assign(_scalars[i], _scalarsAfter[i] ?? _scalars[i], true);
        }
        Assign(_θ, θ, false);
        Lines.AddRange(new FormulaOrder(_targets, Unique).Lines());

        if (rule is IAveragedRule averaged)
        {
            Evaluated = new FormulaLine(Unique("x"), averaged.EvaluationPoint(ref at, _θ, Before()), false, false);
        }

        State<Symbol> Before() => new() { First = Field(0), Second = Field(1), Third = Field(2), Fourth = Field(3) };

        Symbol Field(int i) => i < _state.Length ? _state[i] : 0;
    }

    public override Symbol Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name)
    {
        if (!_hypers.TryGetValue(name, out (string Symbol, Symbol Letter) known))
        {
            known = (symbol, Leaf(symbol));
            _hypers.Add(name, known);
            Hyperparameters.Add(new FormulaHyperparameter(known.Letter.Name, name, value, range));
        }
        return known.Symbol == symbol
            ? known.Letter
            : throw new ArgumentException(
                $"{Declaration.Name}: got the symbols '{known.Symbol}' and '{symbol}' for {name}, expected one for each hyperparameter.");
    }

    public override Symbol ToElements(Symbol scalar) => Symbol.ToElements(scalar);

    protected override Symbol LoadDeclared(int index, double initial)
    {
        _initialScalars[index] = initial;
        return _scalars[index];
    }

    protected override void StoreDeclared(int index, Symbol value) => _scalarsAfter[index] = value;

    public override Symbol Name(string name, Symbol value) => Intermediate(name, value, isScalar: false);

    public override Symbol NameScalar(string name, Symbol value) => Intermediate(name, value, isScalar: true);

    private Symbol Intermediate(string name, Symbol value, bool isScalar)
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

    /// <summary>Adds primes to the name until it is unique.</summary>
    private string Unique(string name)
    {
        while (!_names.Add(name))
        {
            name += "′";
        }
        return name;
    }
}
