using System.Numerics;

namespace Engine;

/// <summary>
/// Evaluates a formula on one element line by line, and finds how the step would differ without weight decay, ε or a bias correction.
/// </summary>
internal sealed class Explainer<T>(Formula formula, ParameterEntry<T> entry, int index, double norm)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, double> _start = new(StringComparer.Ordinal);

    public StepExplanation Explain()
    {
        Begin();
        Dictionary<string, double> values = new(_start, StringComparer.Ordinal);
        List<ExplainedLine> lines = [];
        foreach (FormulaLine line in formula.Lines)
        {
            double? before = line.IsAssignment ? values[line.Target] : null;
            values[line.Target] = line.Evaluate<T>(values);
            lines.Add(new ExplainedLine(line.Target, line.ToText(), before, values[line.Target]));
        }
        AddFindings(values[FormulaInterpreter.Parameter]);
        return new StepExplanation
        {
            RuleName = formula.Name,
            ParameterName = entry.Parameter.Name,
            Index = index,
            Update = entry.Updates + 1,
            IsUpdated = true,
            Gradient = _start[FormulaInterpreter.Gradient],
            Before = _start[FormulaInterpreter.Parameter],
            After = values[FormulaInterpreter.Parameter],
            Hyperparameters =
            [
                .. formula.Hyperparameters.Select(h => new ExplainedHyperparameter(h.Symbol, h.Property, _start[h.Symbol])),
                .. StepVariables(),
            ],
            Lines = lines,
            Findings = _findings,
            IsSinglePrecision = typeof(T) == typeof(float),
        };
    }

    /// <summary>The variables of the lines beside hyperparameters and state.</summary>
    private IEnumerable<ExplainedHyperparameter> StepVariables()
    {
        (string Symbol, string Description)[] variables =
        [
            (FormulaInterpreter.Count, "updates"), (FormulaInterpreter.Norm, "gradient norm"),
            (FormulaInterpreter.Scale, "gradient factor"), (FormulaInterpreter.Bound, "gradient bound"),
        ];
        return
            from variable in variables
            where formula.Lines.Any(line => line.Value.Parts().Any(p => p.Kind == SymbolKind.Variable && p.Name == variable.Symbol))
            select new ExplainedHyperparameter(variable.Symbol, variable.Description, _start[variable.Symbol]);
    }

    private void Begin()
    {
        T θ = entry.Parameter.Value.Span[index];
        _start[FormulaInterpreter.Parameter] = double.CreateTruncating(θ);
        _start[FormulaInterpreter.Gradient] = double.CreateTruncating(entry.Gradient.Span[index]);
        _start[FormulaInterpreter.Count] = entry.Updates + 1;
        _start[FormulaInterpreter.Norm] = norm;
        _start[FormulaInterpreter.Scale] = entry.Scale.Factor;
        _start[FormulaInterpreter.Bound] = entry.Scale.Bound;
        foreach (FormulaHyperparameter hyper in formula.Hyperparameters)
        {
            _start[hyper.Symbol] = hyper.Value.At(entry.Updates);
        }
        int array = 0, scalar = 0;
        foreach (FormulaState state in formula.State)
        {
            if (state.IsScalar)
            {
                _start[state.Symbol] = entry.Updates == 0 ? state.Initial.Value : entry.Scalars[scalar];
                scalar++;
            }
            else
            {
                T first = state.Initial.IsParameter ? θ : T.CreateTruncating(state.Initial.Value);
                _start[state.Symbol] = double.CreateTruncating(array < entry.State.Length ? entry.State[array].Span[index] : first);
                array++;
            }
        }
    }

    private void AddFindings(double after)
    {
        (double factor, double clamp) = entry.Scale;
        double θ = _start[FormulaInterpreter.Parameter], g = _start[FormulaInterpreter.Gradient];
        double given = double.CreateTruncating(entry.Parameter.Gradient.Span[index]);
        if (given != g)
        {
            AddFinding("transforms", given, $"transforms and clipping by units made the gradient {given:G3} one of {g:G3}");
        }
        if (Math.Abs(factor) != 1)
        {
            AddFinding("clipping", Math.Abs(factor), $"clipping scaled the gradient by {Math.Abs(factor):G3}");
        }
        if (factor < 0)
        {
            AddFinding("gradient", -1, $"the sign of the gradient is flipped: the loss is maximized");
        }
        if (Math.Abs(g * factor) > clamp)
        {
            AddFinding("clipping", clamp, $"the gradient {g * factor:G3} was clamped to ±{clamp:G3}");
        }
        if (g == 0)
        {
            AddFinding("gradient", 0, $"the gradient is 0: only the state and weight decay move the element");
        }

        string[] decays =
            [.. formula.Hyperparameters.Where(h => h.Property == "WeightDecay" || h.Symbol.StartsWith('λ')).Select(h => h.Symbol)];
        double whole = Change(_start, null);
        Dictionary<string, double> start = WithZeros(decays);
        double step = Change(start, null);
        if (decays.Any(d => _start[d] != 0) && whole != 0)
        {
            double share = (whole - step) / whole;
            AddFinding("weight decay", share, $"weight decay made {100 * share:G3} % of the change");
        }
        AddBiasCorrections(start, step);
        foreach (FormulaHyperparameter ε in formula.Hyperparameters.Where(h => h.Symbol.StartsWith('ε') && _start[h.Symbol] != 0))
        {
            double without = Change(WithZeros([.. decays, ε.Symbol]), null), effect = step / without - 1;
            if (!double.IsFinite(without))
            {
                AddFinding(ε.Symbol, double.PositiveInfinity, $"without {ε.Symbol} the step would not be a finite number");
            }
            else if (without != 0 && effect != 0)
            {
                AddFinding(ε.Symbol, effect,
                    $"{ε.Symbol} made the step {100 * Math.Abs(effect):G3} % {(effect > 0 ? "larger" : "smaller")}");
            }
        }
        double rate = factor < 0 ? step / g : -step / g;
        if (double.IsFinite(rate))
        {
            AddFinding("rate", rate, $"the step is that of plain {(factor < 0 ? "ascent" : "descent")} with a rate of {rate:G3}");
        }
        if (after == θ && whole != 0)
        {
            AddFinding("rounding", whole, $"the whole step of {whole:G3} was lost to rounding beside {θ:G3}");
        }
    }

    /// <summary>
    /// Adds the effect of each factor 1 − βᵗ, and of all together, against the step with 1 in their place; nothing where t has another use
    /// in the same line.
    /// </summary>
    private void AddBiasCorrections(Dictionary<string, double> start, double step)
    {
        List<Symbol> corrections = [];
        foreach (FormulaLine line in formula.Lines)
        {
            Symbol rest = line.Value.Replace(s => IsCorrection(s) ? 1 : null);
            bool corrects = false;
            foreach (Symbol part in line.Value.Parts().Where(IsCorrection))
            {
                corrects = true;
                if (!corrections.Any(c => Symbol.Same(c, part)))
                {
                    corrections.Add(part);
                }
            }
            if (corrects && rest.Parts().Any(IsCount))
            {
                return;
            }
        }
        foreach (Symbol correction in corrections)
        {
            double times = step / Change(start, s => IsCorrection(s) && Symbol.Same(s, correction) ? 1 : null);
            if (double.IsFinite(times))
            {
                double value = correction.Evaluate<double>(start);
                AddFinding("bias correction", times, $"the bias correction {correction} = {value:G3} multiplied the step by {times:G3}");
            }
        }
        if (corrections.Count > 1 && step / Change(start, s => IsCorrection(s) ? 1 : null) is double all && double.IsFinite(all))
        {
            AddFinding("bias correction", all, $"all bias corrections together multiplied the step by {all:G3}");
        }
    }

    private static bool IsCorrection(Symbol symbol) => symbol is
    {
        Kind: SymbolKind.Subtract,
        Arguments:
        [
        { Kind: SymbolKind.Constant, Number: 1 },
        { Kind: SymbolKind.Pow, Arguments: [{ Kind: SymbolKind.Variable }, { } exponent] },
        ],
    } && IsCount(exponent);

    private static bool IsCount(Symbol symbol) => symbol is { Kind: SymbolKind.Variable, Name: FormulaInterpreter.Count };

    /// <summary>The initial values with some hyperparameters set to 0.</summary>
    private Dictionary<string, double> WithZeros(string[] zeros)
    {
        Dictionary<string, double> start = new(_start, StringComparer.Ordinal);
        foreach (string name in zeros)
        {
            start[name] = 0;
        }
        return start;
    }

    /// <summary>Computes Δθ in double precision, since a difference of numbers rounded to float would hide small effects.</summary>
    private double Change(Dictionary<string, double> start, Func<Symbol, Symbol?>? replacement)
    {
        Dictionary<string, double> values = new(start, StringComparer.Ordinal);
        foreach (FormulaLine line in formula.Lines)
        {
            values[line.Target] = (replacement is null ? line.Value : line.Value.Replace(replacement)).Evaluate<double>(values);
        }
        return values[FormulaInterpreter.Parameter] - start[FormulaInterpreter.Parameter];
    }

    private void AddFinding(string subject, double value, FormattableString text) =>
        _findings.Add(new Finding(subject, value, FormattableString.Invariant(text)));
}
