using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace Engine;

/// <summary>A rule of <see cref="RuleCatalog"/> with its default hyperparameters.</summary>
public abstract class RuleCatalogEntry
{
    private protected RuleCatalogEntry(Type type) => Type = type;

    /// <summary>The rule's type.</summary>
    public Type Type { get; }

    /// <summary>The rule's name.</summary>
    public string Name => Type.Name;

    /// <summary>Passes the rule to the method of the visitor for its kind.</summary>
    public abstract TResult Accept<TResult>(IRuleVisitor<TResult> visitor);

    /// <summary>Adds parameters under the rule to an optimizer.</summary>
    /// <exception cref="ArgumentException">
    /// There are no parameters, one was added before, two have the same name, or one is not of a shape that the rule takes.
    /// </exception>
    public abstract Group<T> AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static RuleCatalogEntry Elementwise<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
        where TRule : struct, IRule => new ElementwiseEntry<TRule>(rule);

    internal static RuleCatalogEntry Tensor<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
        where TRule : struct, ITensorRule => new TensorEntry<TRule>(rule);

    internal static RuleCatalogEntry Model<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
        where TRule : struct, IModelRule => new ModelEntry<TRule>(rule);

    private sealed class ElementwiseEntry<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule)
        : RuleCatalogEntry(typeof(TRule))
        where TRule : struct, IRule
    {
        public override TResult Accept<TResult>(IRuleVisitor<TResult> visitor)
        {
            ArgumentNullException.ThrowIfNull(visitor);
            return visitor.VisitElementwise(rule);
        }

        public override Group<T> AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            return optimizer.AddGroup(rule, parameters);
        }
    }

    private sealed class TensorEntry<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) : RuleCatalogEntry(typeof(TRule))
        where TRule : struct, ITensorRule
    {
        public override TResult Accept<TResult>(IRuleVisitor<TResult> visitor)
        {
            ArgumentNullException.ThrowIfNull(visitor);
            return visitor.VisitTensor(rule);
        }

        public override Group<T> AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            return optimizer.AddGroup(rule, parameters);
        }
    }

    private sealed class ModelEntry<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) : RuleCatalogEntry(typeof(TRule))
        where TRule : struct, IModelRule
    {
        public override TResult Accept<TResult>(IRuleVisitor<TResult> visitor)
        {
            ArgumentNullException.ThrowIfNull(visitor);
            return visitor.VisitModel(rule);
        }

        public override Group<T> AddTo<T>(Optimizer<T> optimizer, IEnumerable<Parameter<T>> parameters)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            return optimizer.AddGroup(rule, parameters);
        }
    }
}
