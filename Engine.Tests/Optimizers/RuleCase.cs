using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>A rule in a table: what tests do with any rule, without knowing which.</summary>
public abstract class RuleCase
{
    public abstract string Name { get; }

    /// <summary>Adds parameters under the rule to an optimizer.</summary>
    public abstract void AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters) where T : unmanaged, IFloatingPointIeee754<T>;

    public override string ToString() => Name;

    public static RuleCase Of<TRule>(TRule rule, string? name = null) where TRule : struct, IRule => new Typed<TRule>(rule, name ?? typeof(TRule).Name);

    private sealed class Typed<TRule>(TRule rule, string name) : RuleCase where TRule : struct, IRule
    {
        public override string Name => name;

        public override void AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters) => optimizer.AddGroup(rule, parameters);
    }
}
