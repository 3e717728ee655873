using System.Diagnostics.CodeAnalysis;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace Engine;

/// <summary>Receives a rule of <see cref="RuleCatalog"/> as its own type.</summary>
/// <typeparam name="TResult">What a visit returns.</typeparam>
/// <remarks>Trimming keeps the public properties of the rules, so that a visitor may list them.</remarks>
public interface IRuleVisitor<out TResult>
{
    /// <summary>Receives an elementwise rule.</summary>
    TResult VisitElementwise<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, IRule;

    /// <summary>Receives a rule over whole tensors.</summary>
    TResult VisitTensor<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, ITensorRule;

    /// <summary>Receives a rule over the whole model.</summary>
    TResult VisitModel<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, IModelRule;
}
