using System.Reflection;
using Engine.Tests.Examples;
using Engine.Tests.House;
using Examples.Formulas;

namespace Engine.Tests.Interpreters;

/// <summary>The page of the optimizers agrees with the code.</summary>
[Category("Slow")]
public sealed class DocumentTests
{
    private static readonly XmlDocumentation s_documentation = XmlDocumentation.OfEngine();

    /// <summary>Catches a rule, a default or a doc comment that was changed without its document.</summary>
    [Test]
    public void The_document_is_up_to_date() => Assert.That(
        Repository.Read(FormulasCommand.Document).ReplaceLineEndings("\n") == OptimizersDocument.Write(),
        $"{FormulasCommand.Document} is stale; run: dotnet run -c Release --project Examples -- {FormulasCommand.Name}");

    private static IEnumerable<string> Documented() =>
    [
        .. RuleCatalog.Rules.Select(rule => rule.Name), .. Wrappers().Select(type => type.Name.Split('`')[0]),
            nameof(Optimizer<>.StepRows),
    ];

    /// <summary>Every type with steps of its own that is neither the optimizer of rules nor a reading of one rule.</summary>
    private static IEnumerable<Type> Wrappers() => typeof(IRule).Assembly.GetExportedTypes()
        .Where(type => type != typeof(Optimizer<>) && type != typeof(RuleOracle<>) && type.GetMethod("Step") is { IsStatic: false });

    /// <summary>Catches a rule or a wrapper that was added without its section and its row of equivalents.</summary>
    [TestCaseSource(nameof(Documented))]
    public void Everything_has_its_section(string name)
    {
        Assert.That(OptimizersDocument.Write(), Does.Contain($"\n### {name}\n"));
        Assert.That(Differences.ByRule.Keys, Does.Contain(name));
    }

    /// <summary>Catches a wrapper that the search above does not see.</summary>
    [Test]
    public void The_wrappers_are_found() =>
        Assert.That(Wrappers().Select(type => type.Name), Is.EquivalentTo(new[] { "Lookahead`1", "SharpnessAware`1", "Lbfgs`1" }));

    [Test]
    public void There_are_no_equivalents_of_nothing() => Assert.That(Differences.ByRule.Keys, Is.EquivalentTo(Documented()));

    /// <summary>A switch that changes the formula has its own formula on the page.</summary>
    [Test]
    public void Every_switch_has_its_variant()
    {
        foreach (RuleSheet rule in RuleCatalog.Elementwise.SelectMany(family => family.Rules).Select(RuleSheet.Of))
        {
            IEnumerable<string> switches = rule.Options.Where(option => option.Value is bool).Select(option => option.Property.Name);
            Assert.That(rule.Variants.Select(variant => variant.Switch), Is.EquivalentTo(switches), rule.Name);
            Assert.That(rule.Variants.All(variant => variant.Formula.ToText() != rule.Formula!.ToText()), rule.Name);
        }
    }

    private static IEnumerable<TestCaseData> Hyperparameters() =>
        from rule in RuleCatalog.Rules.Select(RuleSheet.Of)
        from hyperparameter in rule.Hyperparameters
        where hyperparameter.Property != nameof(IRule.WeightDecay)
        select new TestCaseData(rule.Type, hyperparameter).SetArgDisplayNames(rule.Name, hyperparameter.Property);

    /// <summary>Catches a range in the documentation that is not the one that is enforced, or a hyperparameter without one.</summary>
    [TestCaseSource(nameof(Hyperparameters))]
    public void The_documented_range_is_the_enforced_one(Type rule, FormulaHyperparameter hyperparameter)
    {
        PropertyInfo property = rule.GetProperty(hyperparameter.Property)!;
        Assert.That(property, Is.Not.Null, "a message names an expression, not a property");
        Assert.That(s_documentation.Summary(property), Does.Contain(hyperparameter.Range.ToText(hyperparameter.Symbol)));
    }

    private static IEnumerable<TestCaseData> InitialValues() =>
        from rule in RuleCatalog.Elementwise.SelectMany(family => family.Rules).Select(RuleSheet.Of)
        from option in rule.Options
        where option.Value is Hyperparameter or double && rule.Hyperparameters.All(known => known.Property != option.Property.Name)
        select new TestCaseData(rule.Type, option.Property).SetArgDisplayNames(rule.Name, option.Property.Name);

    /// <summary>Catches a number that state starts at and that is not checked, or whose range is not documented.</summary>
    [TestCaseSource(nameof(InitialValues))]
    public void The_documented_range_of_an_initial_value_is_the_enforced_one(Type rule, PropertyInfo property)
    {
        Assert.That(s_documentation.Summary(property), Does.Match("\\w₀ ≥ 0"));
        object changed = Activator.CreateInstance(rule)!;
        property.SetValue(changed, property.PropertyType == typeof(double) ? (object)(-1.0) : (Hyperparameter)(-1.0));
        Assert.That(() => ((IInitialValue)Activator.CreateInstance(typeof(InitialValueOf<>).MakeGenericType(rule), changed)!).Get(),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(property.Name));
    }

    private interface IInitialValue
    {
        InitialState Get();
    }

    private sealed class InitialValueOf<TRule>(TRule rule) : IInitialValue where TRule : struct, IRule
    {
        public InitialState Get() => rule.InitialValue(0);
    }

    private static IEnumerable<TestCaseData> Options() =>
        from rule in RuleCatalog.Rules.Select(RuleSheet.Of)
        from option in rule.Options
        select new TestCaseData(option.Property).SetArgDisplayNames(rule.Name, option.Property.Name);

    /// <summary>Catches a fragment in IntelliSense and in the tables of the page.</summary>
    [TestCaseSource(nameof(Options))]
    public void Every_summary_is_a_sentence(PropertyInfo property) =>
        Assert.That(s_documentation.Summary(property), Does.Match("^[A-Z].*\\.$"));

    [Test]
    public void The_command_writes_it_where_it_is_told()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Command command = Command.Run(FormulasCommand.Name, "--output", file);
            Assert.That((command.ExitCode, command.Output.Trim(), command.Error), Is.EqualTo((0, $"Formulas: {file}", "")));
            Assert.That(File.ReadAllText(file), Is.EqualTo(OptimizersDocument.Write()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void A_place_that_cannot_be_written_is_told()
    {
        Command command = Command.Run(FormulasCommand.Name, "--output", Path.Combine(Path.GetTempPath(), "no such folder", "file.md"));
        Assert.That(command.ExitCode, Is.EqualTo(1));
        Assert.That(command.Error, Does.StartWith("Cannot write '"));
    }
}
