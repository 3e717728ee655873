using System.Globalization;
using System.Reflection;
using System.Text;
using Engine;

namespace Examples.Formulas;

/// <summary>Writes <c>docs/optimizers.md</c>: every rule of the catalog, every wrapper, and updates of single rows.</summary>
internal static class OptimizersDocument
{
    private const int M = 2003, N = 3001; // extents that no rule has by itself, so that shapes print with letters

    /// <summary>The heading of the section on updates of single rows.</summary>
    public const string Rows = "StepRows";

    /// <summary>The page, with line feeds on every system.</summary>
    public static string Write()
    {
        XmlDocumentation documentation = XmlDocumentation.OfEngine();
        StringBuilder text = new();
        text.Append("""
            # Optimizers

            Every rule with its algorithm, hyperparameters and state, and its equivalents in other libraries. The formulas of elementwise
            rules are printed by running their code on symbols. Rules over whole tensors have their algorithm in the documentation of their
            type, and report hyperparameters, ranges and state when they run. This file is written by
            `dotnet run -c Release --project Examples -- formulas`; a test compares it with the code.

            θ is the parameter, g its gradient (G as a matrix), t the number of the update from 1, and ‖g‖ the norm of the parameter's
            whole gradient. ← assigns, = defines an intermediate; each line uses the values of the lines before it. [t > 1] is 1 where the
            condition holds and 0 elsewhere. In a formula, lines without θ, g or state are computed once a step in double precision, the
            others for every element. Operations on vectors are element by element; rms(x) = √mean(x²). "Bytes moved" is what a step must
            read and write in memory for each element.

            `Formula.Of(rule)` and `AlgorithmDescription.Of(rule)` give the same for a rule of your own, and
            `optimizer.Explain(parameter, index)` the numbers of one step of an elementwise rule.

            ## Contents


            """.ReplaceLineEndings("\n"));
        foreach (RuleFamily family in RuleCatalog.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {family.Title}: {Links(family.Rules.Select(rule => rule.Name))}\n");
        }
        text.Append(CultureInfo.InvariantCulture,
            $"- Optimizers around a loss or another optimizer: {Links(WrapperSheet.All.Select(wrapper => wrapper.Name))}\n");
        text.Append(CultureInfo.InvariantCulture, $"- Single rows: {Links([Rows])}\n");
        text.Append("- [Weight decay](#weight-decay), [Defaults that differ](#defaults-that-differ)\n\n");
        WeightDecays(text);
        Clashes(text);
        foreach (RuleFamily family in RuleCatalog.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {family.Title}\n");
            foreach (RuleSheet rule in family.Rules.Select(RuleSheet.Of))
            {
                Rule(text, rule, documentation);
            }
        }
        text.Append("\n## Optimizers around a loss or another optimizer\n");
        foreach (WrapperSheet wrapper in WrapperSheet.All)
        {
            Wrapper(text, wrapper, documentation);
        }
        RowUpdates(text);
        return text.ToString();
    }

    private static string Links(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"[{name}](#{name.ToLowerInvariant()})"));

    private static void WeightDecays(StringBuilder text)
    {
        text.Append("## Weight decay\n\nApplied before the rule, by any rule:\n\n| | |\n|---|---|\n");
        (string Name, WeightDecay Decay)[] decays =
        [
            ("WeightDecay.L2(λ)", WeightDecay.L2(0.01)), ("WeightDecay.Decoupled(λ)", WeightDecay.Decoupled(0.01)),
            ("WeightDecay.Independent(λ)", WeightDecay.Independent(0.01)),
        ];
        foreach ((string name, WeightDecay decay) in decays)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | `{Formula.Of(new Sgd { WeightDecay = decay }).Lines[0]}` |\n");
        }
    }

    private static void Clashes(StringBuilder text)
    {
        text.Append("\n## Defaults that differ\n\nThe same name with other numbers:\n\n");
        for (int i = 0; i < Differences.Clashes.Count; i++)
        {
            Row(text, Differences.Clashes[i]);
            text.Append(i == 0 ? $"|{string.Concat(Enumerable.Repeat("---|", Differences.Clashes[0].Length))}\n" : "");
        }
    }

    private static void Rule(StringBuilder text, RuleSheet rule, XmlDocumentation documentation)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {rule.Name}\n\n{documentation.Summary(rule.Type)}\n\n");
        if (rule.Formula is { } formula)
        {
            Lines(text, formula);
            if (formula.Evaluated is { } evaluated)
            {
                text.Append(CultureInfo.InvariantCulture, $"The model is evaluated at `{evaluated}`.\n\n");
            }
            foreach ((string name, Formula variant) in rule.Variants)
            {
                text.Append(CultureInfo.InvariantCulture, $"With `{name}`:\n\n");
                Lines(text, variant);
            }
        }
        else
        {
            Code(text, documentation.Algorithm(rule.Type));
        }
        text.Append("| | property | default | |\n|---|---|---|---|\n");
        foreach ((PropertyInfo property, object? value) in rule.Options)
        {
            string symbol = rule.Hyperparameters.FirstOrDefault(hyperparameter => hyperparameter.Property == property.Name)?.Symbol ?? "";
            Row(text, symbol, $"`{property.Name}`", Default(value), documentation.Summary(property));
        }
        bool decays = rule.WeightDecay.Kind != WeightDecayKind.None;
        Row(text, decays ? "λ" : "", "`WeightDecay`", decays ? $"{rule.WeightDecay.Kind} {Default(rule.WeightDecay.Coefficient)}" : "none",
            "See [weight decay](#weight-decay).");
        if (rule.Formula is { } elementwise)
        {
            State(text, elementwise);
        }
        else
        {
            State(text, rule.Algorithm!);
        }
        Equivalents(text, rule.Name);
    }

    private static void State(StringBuilder text, Formula formula)
    {
        IEnumerable<string> state = formula.State.Select(s =>
            $"{s.Symbol} `{s.Name}`{(s.IsScalar ? ", one number for the parameter," : "")} from {Initial(s.Initial)}");
        int arrays = formula.State.Count(s => !s.IsScalar);
        text.Append(CultureInfo.InvariantCulture, $"\nState: {(formula.State.Count == 0 ? "none" : string.Join("; ", state))}. ");
        text.Append(CultureInfo.InvariantCulture,
            $"Bytes of state for each `float`: {arrays * sizeof(float)}, for each `double`: {arrays * sizeof(double)}. ");
        text.Append(CultureInfo.InvariantCulture,
            $"Bytes moved for each `float`: {formula.BytesPerElement()}, for each `double`: {formula.BytesPerElement(sizeof(double))}");
        text.Append(formula.NeedsGradientNorm ? ", one more reading of the gradient for its norm among them.\n\n" : ".\n\n");
    }

    private static void State(StringBuilder text, AlgorithmDescription algorithm)
    {
        IReadOnlyList<StateArray> matrix = algorithm.StatesFor([M, N]);
        text.Append("\nState of a matrix of m × n:\n\n| | key | shape | from |\n|---|---|---|---|\n");
        foreach (StateArray array in matrix)
        {
            Row(text, array.Symbol, $"`{array.Key}`", Letters(array.Shape), Initial(array.Initial));
        }
        foreach (StateName scalar in algorithm.Scalars)
        {
            Row(text, scalar.Symbol, $"`{scalar.Key}`", "one number", scalar.Symbol is "d" or "dₘₐₓ" ? "d₀" : "0");
        }
        const int side = 1024;
        double elements = algorithm.StatesFor([side, side]).Sum(array => (double)array.Shape.Length) / (side * side);
        text.Append(CultureInfo.InvariantCulture,
            $"\nBytes of state for each element of a matrix of 1024 × 1024: {Number(elements * sizeof(float))} for `float`, ");
        text.Append(CultureInfo.InvariantCulture, $"{Number(elements * sizeof(double))} for `double`.");
        if (!matrix.All(array => array.Shape == matrix[0].Shape) && VectorStates(algorithm) is { } vector)
        {
            text.Append(CultureInfo.InvariantCulture, $" A vector of n elements has {vector}.");
        }
        text.Append("\n\n");
    }

    /// <summary>The state of a vector; null for a rule that takes only matrices.</summary>
    private static string? VectorStates(AlgorithmDescription algorithm)
    {
        try
        {
            return string.Join(" and ",
                algorithm.StatesFor([N]).Select(array => $"{array.Symbol} `{array.Key}` of {Letters(array.Shape)}"));
        }
        catch (ArgumentOutOfRangeException) // its states ask for the second extent
        {
            return null;
        }
    }

    private static string Letters(Shape shape) => shape.Rank == 0
        ? "one number"
        : string.Join(" × ", shape.Extents.ToArray().Select(extent => extent switch
        {
            M => "m",
            N => "n",
            _ => extent.ToString(CultureInfo.InvariantCulture),
        }));

    private static void Wrapper(StringBuilder text, WrapperSheet wrapper, XmlDocumentation documentation)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {wrapper.Name}\n\n{documentation.Summary(wrapper.Type)}\n\n");
        Code(text, documentation.Algorithm(wrapper.Type));
        text.Append("| | option | default | |\n|---|---|---|---|\n");
        foreach ((string symbol, PropertyInfo property, object? value) in wrapper.Options)
        {
            Row(text, symbol, $"`{property.Name}`", Default(value), documentation.Summary(property));
        }
        text.Append(CultureInfo.InvariantCulture, $"\nState: {wrapper.State}\n\n");
        Equivalents(text, wrapper.Name);
    }

    private static void RowUpdates(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## Single rows\n\n### {Rows}\n\n");
        text.Append("""
            `optimizer.StepRows(parameter, rows, gradients)` applies an elementwise rule to some rows of a parameter, such as the rows of
            an embedding that occur in a batch: what other libraries call a sparse or lazy optimizer. Gradients of a row that is given more
            than once are added. The other rows and their state stay as they are, without weight decay, and t counts the updates of the
            parameter.

            ```text
            for each row i that is given:
              g = sum of the gradients that are given for the row
              θᵢ and the rows i of the state ← the rule's update with g
            ```


            """.ReplaceLineEndings("\n"));
        Equivalents(text, Rows);
    }

    private static void Equivalents(StringBuilder text, string name)
    {
        text.Append("Equivalents in other libraries:\n\n");
        foreach ((string library, string difference) in Differences.ByRule[name])
        {
            text.Append(CultureInfo.InvariantCulture, $"- {library}: {difference}\n");
        }
    }

    private static void Lines(StringBuilder text, Formula formula)
    {
        text.Append(CultureInfo.InvariantCulture, $"$$\n{formula.ToLatex()}\n$$\n\n");
        Code(text, formula.ToText());
    }

    private static void Code(StringBuilder text, string lines) => text.Append(CultureInfo.InvariantCulture, $"```text\n{lines}\n```\n\n");

    private static void Row(StringBuilder text, params string[] cells) =>
        text.Append(CultureInfo.InvariantCulture,
            $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");

    private static string Initial(InitialState initial) => initial.IsParameter ? "θ" : Number(initial.Value);

    private static string Default(object? value) => value switch
    {
        Hyperparameter hyperparameter => Number(hyperparameter.At(0)),
        double number => Number(number),
        int number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Enum name => name.ToString(),
        ValueTuple<double, double, double>(double a, double b, double c) => $"{Number(a)}, {Number(b)}, {Number(c)}",
        null => "null",
        _ => throw new ArgumentException($"Got an option of the type {value.GetType().Name}, expected a type with a text.", nameof(value)),
    };

    private static string Number(double value) => value == double.MaxValue ? "none" : ((Symbol)value).ToText();
}
