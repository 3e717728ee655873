using Engine.Tests.Examples;
using Engine.Tests.House;
using Examples.Formulas;

namespace Engine.Tests.Interpreters;

/// <summary>The document of the rules says what the code does now.</summary>
public sealed class DocumentTests
{
    /// <summary>Catches a rule, a default or a doc comment that was changed without its document.</summary>
    [Test]
    public void The_document_is_up_to_date() => Assert.That(Repository.Read(FormulasCommand.Document).ReplaceLineEndings("\n") == OptimizersDocument.Write(),
        $"{FormulasCommand.Document} is stale; run: dotnet run -c Release --project Examples -- {FormulasCommand.Name}");

    [Test]
    public void No_rule_is_missing_from_it()
    {
        string[] rules = [.. typeof(IRule).Assembly.GetExportedTypes().Where(t => t.IsValueType && t.IsAssignableTo(typeof(IRule))).Select(t => t.Name)];
        Assert.That(RuleCatalogue.Families.SelectMany(f => f.Rules).Select(r => r.Name), Is.EquivalentTo(rules));
        Assert.That(Differences.ByRule.Keys, Is.EquivalentTo(rules));
    }

    /// <summary>An option that changes the formula has its own formula there.</summary>
    [Test]
    public void Every_switch_has_its_variant()
    {
        foreach (RuleSheet rule in RuleCatalogue.Families.SelectMany(f => f.Rules))
        {
            Assert.That(rule.Variants.Select(v => v.Remark), Is.EquivalentTo(rule.Options.Where(o => o.Value is bool).Select(o => o.Property.Name)), rule.Name);
            Assert.That(rule.Variants.All(v => v.Formula.ToText() != rule.Formula.ToText()), rule.Name);
        }
    }

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
