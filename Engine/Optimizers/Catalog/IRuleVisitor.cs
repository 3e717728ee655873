namespace Engine;

/// <summary>Receives a rule of <see cref="RuleCatalog"/> as its own type.</summary>
/// <typeparam name="TResult">What a visit returns.</typeparam>
public interface IRuleVisitor<out TResult>
{
    /// <summary>Receives an elementwise rule.</summary>
    TResult VisitElementwise<TRule>(TRule rule) where TRule : struct, IRule;

    /// <summary>Receives a rule over whole tensors.</summary>
    TResult VisitTensor<TRule>(TRule rule) where TRule : struct, ITensorRule;

    /// <summary>Receives a rule over the whole model.</summary>
    TResult VisitModel<TRule>(TRule rule) where TRule : struct, IModelRule;
}
