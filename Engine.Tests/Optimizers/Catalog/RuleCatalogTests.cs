using System.Diagnostics.CodeAnalysis;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;
namespace Engine.Tests.Optimizers;

/// <summary>The catalog has every rule of the assembly, and its entries work.</summary>
public sealed class RuleCatalogTests
{
    private static IEnumerable<RuleCatalogEntry> Entries => RuleCatalog.Rules;

    private static IEnumerable<Type> RulesOfTheAssembly() => typeof(RuleCatalog).Assembly.GetExportedTypes().Where(type => type.IsValueType
        && (type.IsAssignableTo(typeof(IRule)) || type.IsAssignableTo(typeof(ITensorRule)) || type.IsAssignableTo(typeof(IModelRule))));

    /// <summary>Catches: a rule that no test, no bench and no page would know.</summary>
    [TestCaseSource(nameof(RulesOfTheAssembly))]
    public void EveryRuleIsInTheCatalogOnce(Type rule) =>
        Assert.That(Entries.Count(entry => entry.Type == rule), Is.EqualTo(1), rule.Name);

    /// <summary>Catches: an entry that visits as another kind, or whose group is of another rule.</summary>
    [TestCaseSource(nameof(Entries))]
    public void AnEntryMakesAGroupOfItsRuleAndVisitsAsItsKind(RuleCatalogEntry entry)
    {
        Parameter<float> parameter = new("p", Tensor<float>.Full([2, 3], 0.5f));
        Optimizer<float> optimizer = new();
        Assert.That(entry.AddTo(optimizer, [parameter]).RuleName, Is.EqualTo(entry.Name));
        parameter.SetGradient(Tensor<float>.From([1, 2, 3, -4, 5, 7], [2, 3]));
        optimizer.Step();
        Assert.That(parameter.Value.ToArray(), Is.All.Matches<float>(float.IsFinite));
        Assert.That(entry.Accept(new KindOf()),
            Is.EqualTo((entry.Type, RuleCatalog.Elementwise.Any(family => family.Rules.Contains(entry)))));
    }

    private sealed class KindOf : IRuleVisitor<(Type Type, bool IsElementwise)>
    {
        public (Type Type, bool IsElementwise) VisitElementwise<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
            where TRule : struct, IRule => (typeof(TRule), true);

        public (Type Type, bool IsElementwise) VisitTensor<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
            where TRule : struct, ITensorRule => (typeof(TRule), false);

        public (Type Type, bool IsElementwise) VisitModel<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
            where TRule : struct, IModelRule => (typeof(TRule), false);
    }
}
