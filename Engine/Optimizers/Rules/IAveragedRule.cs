namespace Engine;

/// <summary>An update rule whose model is evaluated at an average of the iterates instead of at the iterate itself.</summary>
public interface IAveragedRule : IRule
{
    /// <summary>The value at which one element is evaluated, after the step that <paramref name="at"/> describes.</summary>
    /// <param name="at">The last step.</param>
    /// <param name="parameter">The parameter's element θ.</param>
    /// <param name="state">The elements of the state arrays.</param>
    L EvaluationPoint<S, L>(ref Step<S, L> at, L parameter, in State<L> state) where S : ILane<S> where L : ILane<L>;
}
