using System.Globalization;

namespace Engine;

/// <summary>
/// Checks of an optimizer, whoever wrote it: a rule under <see cref="Optimizer{T}"/>, or a class of your own that updates parameters from
/// their gradients. It is given as what makes a fresh one for some parameters and returns its step:
/// <c>parameters => { var mine = new MyAdam(parameters); return mine.Step; }</c>.
/// </summary>
public static class OptimizerCheck
{
    private const int Steps = 12;

    /// <summary>
    /// Gradients that tell the usual mistakes apart: of ordinary size, large, so small that ε is felt, of changing sign, and absent after
    /// the first.
    /// </summary>
    private static readonly (string Name, Func<int, double> Gradient)[] Sequences =
    [
        ("a constant gradient of 0.5", static _ => 0.5),
        ("a constant gradient of -40", static _ => -40),
        ("a constant gradient of 1E-9", static _ => 1e-9),
        ("gradients of changing sign and size", static t => (t % 3 - 1.25) * t),
        ("one gradient of 2, then zeros", static t => t == 1 ? 2 : 0),
    ];

    /// <summary>
    /// Checks that an optimizer does what a rule says, over several sequences of gradients. Where it does not, the message has the first
    /// difference, and the mistake if it is a usual one (<see cref="RuleMistake"/>).
    /// </summary>
    /// <param name="rule">The rule that is expected, with its hyperparameters; its learning rate is not 0.</param>
    /// <param name="create">Makes a fresh optimizer for some parameters, each with one element, and returns its step.</param>
    /// <param name="tolerance">The largest error that passes, relative to the distance moved from the start.</param>
    public static CheckReport Against<TRule>(
        TRule rule, Func<IReadOnlyList<Parameter<double>>, Action> create, double tolerance = 1e-9) where TRule : struct, IRule
    {
        ArgumentNullException.ThrowIfNull(create);
        List<LawResult> results = [];
        Dictionary<string, double[]> walks = Sequences.ToDictionary(static s => s.Name, s => Walk(create, s.Gradient));
        RuleMistake[] explanations = [.. Enum.GetValues<RuleMistake>().Where(mistake =>
            Sequences.All(s => FirstDifference(walks[s.Name], Walk(rule, mistake, s.Gradient), tolerance) < 0))];
        foreach ((string name, Func<int, double> gradient) in Sequences)
        {
            double[] actual = walks[name], expected = Walk(rule, null, gradient);
            int t = FirstDifference(actual, expected, tolerance);
            results.Add(t < 0
                ? new($"it follows {typeof(TRule).Name} under {name}", true, "")
                : new($"it follows {typeof(TRule).Name} under {name}", false, Difference(t, actual, expected) + Name(explanations)));
        }
        return new(results);
    }

    /// <summary>Checks that an optimizer follows a closed form.</summary>
    /// <param name="create">Makes a fresh optimizer for one parameter with one element, and returns its step.</param>
    /// <param name="start">The value before the first step.</param>
    /// <param name="gradient">The gradient at step t, from 1, and the present value.</param>
    /// <param name="expected">The value after step t by the closed form.</param>
    /// <param name="steps">The number of steps, at least 1.</param>
    /// <param name="tolerance">The largest error that passes, relative to the larger of 1 and the value.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no steps.</exception>
    public static CheckReport Follows(
        Func<IReadOnlyList<Parameter<double>>, Action> create,
        double start,
        Func<int, double, double> gradient,
        Func<int, double> expected,
        int steps = Steps,
        double tolerance = 1e-12)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(expected);
        if (steps < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), string.Create(CultureInfo.InvariantCulture, $"Follows: got {steps} steps, expected at least 1."));
        }
        Parameter<double> x = new("x", Tensor<double>.From(start));
        Action step = create([x]);
        for (int t = 1; t <= steps; t++)
        {
            x.SetGradient(Tensor<double>.From(gradient(t, x.Value.Span[0])));
            step();
            double value = x.Value.Span[0], wanted = expected(t);
            if (!(Math.Abs(value - wanted) <= tolerance * Math.Max(1, Math.Abs(wanted))))
            {
                return new([new("it follows the closed form", false, Text($"after step {t}: got {value:R}, expected {wanted:R}"))]);
            }
        }
        return new([new("it follows the closed form", true, "")]);
    }

    /// <summary>
    /// The laws of every optimizer whose updates of one parameter do not depend on the others: they are the same each time, whatever the
    /// order of the parameters, and with or without the others; zero gradients do no harm; an absent gradient changes nothing.
    /// </summary>
    /// <param name="create">Makes a fresh optimizer for some parameters, and returns its step.</param>
    public static CheckReport Laws(Func<IReadOnlyList<Parameter<double>>, Action> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        double[] both = Run(create, "ab"), again = Run(create, "ab"), reversed = Run(create, "ba"), alone = Run(create, "a");
        return new(
        [
            Same("two runs are equal bit for bit", both, again, "something is random, or is kept from one optimizer to the next"),
            Same(
                "the order of the parameters does not matter",
                both,
                reversed,
                "a count or a state goes from one parameter to the next within a step"),
            Same(
                "a parameter is updated as if it were alone",
                both[..alone.Length],
                alone,
                "state is shared between parameters: a count that each of them raises, or one buffer for all"),
            ZeroGradients(create),
            AbsentGradient(create),
            GradientsAreLeft(create),
        ]);
    }

    /// <summary>
    /// Checks that an optimizer which is saved after any step and loaded into a fresh one goes on bit for bit.
    /// </summary>
    /// <param name="create">Makes a fresh optimizer for some parameters.</param>
    public static CheckReport Resumes(Func<IReadOnlyList<Parameter<double>>, Optimizer<double>> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        const string law = "a saved and loaded optimizer goes on bit for bit";
        double[] whole = Run(parameters => Interrupted(create, parameters, Steps), "ab");
        for (int interruption = 0; interruption < Steps; interruption++)
        {
            int stopAt = interruption;
            try
            {
                double[] resumed = Run(parameters => Interrupted(create, parameters, stopAt), "ab");
                if (Same(law, resumed, whole, Text($"it was saved after step {stopAt}")) is { Passed: false } broken)
                {
                    return new([broken]);
                }
            }
            catch (ArgumentException exception)
            {
                return new([new(law, false, Text($"the state that was saved after step {stopAt} does not fit: {exception.Message}"))]);
            }
        }
        return new([new(law, true, "")]);
    }

    /// <summary>The step of an optimizer that is saved after some steps, and loaded into a fresh one.</summary>
    private static Action Interrupted(
        Func<IReadOnlyList<Parameter<double>>, Optimizer<double>> create, IReadOnlyList<Parameter<double>> parameters, int stopAt)
    {
        Optimizer<double> optimizer = create(parameters);
        int made = 0;
        return () =>
        {
            if (made++ == stopAt)
            {
                OptimizerState<double> state = optimizer.SaveState();
                optimizer = create(parameters);
                optimizer.LoadState(state);
            }
            optimizer.Step();
        };
    }

    /// <summary>The values of a parameter with one element after each step.</summary>
    private static double[] Walk(Func<IReadOnlyList<Parameter<double>>, Action> create, Func<int, double> gradient)
    {
        Parameter<double> x = new("x", Tensor<double>.From(1.25));
        Action step = create([x]);
        double[] values = new double[Steps];
        for (int t = 1; t <= Steps; t++)
        {
            x.SetGradient(Tensor<double>.From(gradient(t)));
            step();
            values[t - 1] = x.Value.Span[0];
        }
        return values;
    }

    private static double[] Walk<TRule>(TRule rule, RuleMistake? mistake, Func<int, double> gradient) where TRule : struct, IRule
    {
        RuleOracle<TRule> oracle = new(rule, 1.25, mistake);
        double[] values = new double[Steps];
        for (int t = 1; t <= Steps; t++)
        {
            oracle.Step(gradient(t));
            values[t - 1] = oracle.Parameter;
        }
        return values;
    }

    /// <summary>The first step, from 1, after which the values differ; −1 if none.</summary>
    private static int FirstDifference(double[] actual, double[] expected, double tolerance)
    {
        double moved = 0;
        for (int t = 1; t <= actual.Length; t++)
        {
            moved = Math.Max(moved, Math.Abs(expected[t - 1] - 1.25));
            // the last bit of a value of 1.25 is no difference, however little it has moved
            if (!(Math.Abs(actual[t - 1] - expected[t - 1]) <= tolerance * moved + 1e-15 * t))
            {
                return t;
            }
        }
        return -1;
    }

    private static string Difference(int t, double[] actual, double[] expected) =>
        Text($"after step {t}: got {actual[t - 1]:R}, expected {expected[t - 1]:R}");

    private static string Name(RuleMistake[] explanations) => explanations.Length == 0
        ? ""
        : $"; the values are those of this mistake: {string.Join(" or ", explanations)}";

    /// <summary>All values of all steps: those of the parameter a, then those of b if it is there.</summary>
    private static double[] Run(Func<IReadOnlyList<Parameter<double>>, Action> create, string order)
    {
        Dictionary<char, Parameter<double>> byName = order.ToDictionary(
            static name => name, static name => new Parameter<double>(name.ToString(), Start(name)));
        Action step = create([.. order.Select(name => byName[name])]);
        Dictionary<char, List<double>> values = order.ToDictionary(static name => name, static _ => new List<double>());
        for (int t = 1; t <= Steps; t++)
        {
            foreach ((char name, Parameter<double> parameter) in byName)
            {
                parameter.SetGradient(Gradient(name, t, parameter.Shape));
            }
            step();
            foreach ((char name, Parameter<double> parameter) in byName)
            {
                values[name].AddRange(parameter.Value.ToArray());
            }
        }
        return [.. order.Order().SelectMany(name => values[name])];
    }

    private static Tensor<double> Start(char name) =>
        Tensor<double>.Random(name == 'a' ? [3, 2] : [2, 2], RandomKey.FromSeed(name), Distribution.Normal(0, 1));

    private static Tensor<double> Gradient(char name, int t, Shape shape) =>
        Tensor<double>.Random(shape, RandomKey.FromSeed(name).Fold(t), Distribution.Normal(0, 1));

    private static LawResult Same(string law, double[] actual, double[] expected, string reason)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(actual[i]) != BitConverter.DoubleToInt64Bits(expected[i]))
            {
                return new(law, false, Text($"value {i + 1} of the run: got {actual[i]:R}, expected {expected[i]:R}; {reason}"));
            }
        }
        return new(law, true, "");
    }

    private static LawResult ZeroGradients(Func<IReadOnlyList<Parameter<double>>, Action> create)
    {
        double[] values = Walk(create, static _ => 0);
        int broken = Array.FindIndex(values, static value => !double.IsFinite(value));
        return new(
            "a gradient of zeros gives finite values",
            broken < 0,
            broken < 0 ? "" : Text($"after step {broken + 1}: got {values[broken]}, expected a finite number; 0 is divided by 0"));
    }

    private static LawResult AbsentGradient(Func<IReadOnlyList<Parameter<double>>, Action> create)
    {
        const string law = "a parameter without a gradient stays as it is";
        Parameter<double> a = new("a", Start('a')), b = new("b", Start('b'));
        Action step = create([a, b]);
        double[] before = b.Value.ToArray();
        a.SetGradient(Gradient('a', 1, a.Shape));
        try
        {
            step();
        }
        catch (InvalidOperationException exception)
        {
            return new(law, false, $"the step threw: {exception.Message}; ask HasGradient first");
        }
        return Same(law, b.Value.ToArray(), before, "an absent gradient is taken for zeros");
    }

    private static LawResult GradientsAreLeft(Func<IReadOnlyList<Parameter<double>>, Action> create)
    {
        Parameter<double> a = new("a", Start('a'));
        Action step = create([a]);
        double[] before = Gradient('a', 1, a.Shape).ToArray();
        a.SetGradient(Tensor<double>.From(before, a.Shape));
        step();
        // a step may make the gradient absent, but not change it
        return Same(
            "a step leaves the elements of the gradient alone",
            a.HasGradient ? a.Gradient.ToArray() : before,
            before,
            "decay or clipping is written into the caller's gradient");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
