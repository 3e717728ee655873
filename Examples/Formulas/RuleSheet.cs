using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Engine;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace Examples.Formulas;

/// <summary>What the page says about one rule, apart from its prose.</summary>
/// <param name="Type">The rule's type.</param>
/// <param name="WeightDecay">Its weight decay.</param>
/// <param name="Options">Its other properties with their defaults.</param>
/// <param name="Hyperparameters">The hyperparameters that it reports when it runs.</param>
/// <param name="Formula">The formula of an elementwise rule; null for others.</param>
/// <param name="Variants">The formulas of an elementwise rule with a switch on, by the switch's name.</param>
/// <param name="Algorithm">The description of a rule over whole tensors; null for elementwise rules.</param>
internal sealed record RuleSheet(
    Type Type, WeightDecay WeightDecay, IReadOnlyList<(PropertyInfo Property, object? Value)> Options,
    IReadOnlyList<FormulaHyperparameter> Hyperparameters, Formula? Formula, IReadOnlyList<(string Switch, Formula Formula)> Variants,
    AlgorithmDescription? Algorithm)
{
    /// <summary>The rule's name.</summary>
    public string Name => Type.Name;

    /// <summary>Reads a rule of the catalog.</summary>
    public static RuleSheet Of(RuleCatalogEntry entry) => entry.Accept(new Reader());

    private sealed class Reader : IRuleVisitor<RuleSheet>
    {
        public RuleSheet VisitElementwise<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, IRule
        {
            Formula formula = Formula.Of(rule);
            (PropertyInfo Property, object? Value)[] options = OptionsOf(rule);
            return new RuleSheet(typeof(TRule), rule.WeightDecay, options, formula.Hyperparameters, formula,
                [.. options.Where(option => option.Value is bool).Select(option => (option.Property.Name, Formula.Of(Switched(option))))],
                    null);

            TRule Switched((PropertyInfo Property, object? Value) option)
            {
                object switched = rule;
                option.Property.SetValue(switched, option.Value is not true);
                return (TRule)switched;
            }
        }

        public RuleSheet VisitTensor<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, ITensorRule =>
            Of(rule, rule.WeightDecay, AlgorithmDescription.Of(rule));

        public RuleSheet VisitModel<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, IModelRule =>
            Of(rule, rule.WeightDecay, AlgorithmDescription.Of(rule));

        private static RuleSheet Of<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule, WeightDecay decay,
            AlgorithmDescription description)
            where TRule : struct =>
            new(typeof(TRule), decay, OptionsOf(rule), description.Hyperparameters, null, [], description);

        private static (PropertyInfo Property, object? Value)[] OptionsOf<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
            where TRule : struct =>
        [
            .. typeof(TRule).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => property.CanWrite && property.PropertyType != typeof(WeightDecay))
                .Select(property => (property, property.GetValue(rule))),
        ];
    }
}
