namespace Engine.Tests.Optimizers;

/// <summary>Receives the rule of a <see cref="RuleCase"/> as its own type.</summary>
internal interface IRuleCaseVisitor
{
    void Visit<TRule>(TRule rule) where TRule : struct, IRule;
}
