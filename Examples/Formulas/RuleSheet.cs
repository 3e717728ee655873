using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Engine;

namespace Examples.Formulas;

/// <summary>What the document says about one rule, but for its prose: read from an object of the rule with its defaults.</summary>
internal sealed record RuleSheet(Type Type, Formula Formula, WeightDecay WeightDecay, IReadOnlyList<(PropertyInfo Property, object? Value)> Options, IReadOnlyList<(string Remark, Formula Formula)> Variants)
{
    /// <summary>The rule's name.</summary>
    public string Name => Type.Name;

    /// <summary>Reads a rule, and forms of it that an option of its own makes.</summary>
    public static RuleSheet Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRule>(TRule rule, params (string Remark, TRule Rule)[] variants) where TRule : struct, IRule
    {
        IEnumerable<PropertyInfo> options = typeof(TRule).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => p.CanWrite && p.PropertyType != typeof(WeightDecay));
        return new RuleSheet(typeof(TRule), Formula.Of(rule), rule.WeightDecay, [.. options.Select(p => (p, p.GetValue(rule)))], [.. variants.Select(v => (v.Remark, Formula.Of(v.Rule)))]);
    }
}
