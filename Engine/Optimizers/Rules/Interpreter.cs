namespace Engine;

/// <summary>What a rule's arithmetic means outside the sweep: numbers, symbols, operations on the tape.</summary>
/// <param name="declaration">What the interpreted rule declares.</param>
/// <typeparam name="S">The lane of the step's scalars.</typeparam>
/// <typeparam name="L">The lane of the elements.</typeparam>
internal abstract class Interpreter<S, L>(RuleDeclaration declaration) where S : ILane<S> where L : ILane<L>
{
    /// <summary>What the interpreted rule declares.</summary>
    public RuleDeclaration Declaration { get; } = declaration;

    public abstract S StepNumber { get; }

    /// <summary>‖g‖₂, of a rule that declares that it needs it: it is not computed for others.</summary>
    /// <exception cref="ArgumentException">The rule does not.</exception>
    public S GradientNorm => Declaration.NeedsGradientNorm
        ? DeclaredNorm
        : throw new ArgumentException(
            $"{Declaration.Name}: the rule reads GradientNorm, and NeedsGradientNorm is false; expected " +
            "'public static bool NeedsGradientNorm => true'.");

    protected abstract S DeclaredNorm { get; }

    public abstract S Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name);

    public abstract L ToElements(S scalar);

    public S LoadScalar(int index, double initial)
    {
        RuleDeclaration.CheckScalar(Declaration.Name, nameof(LoadScalar), index, Declaration.Scalars.Count);
        return LoadDeclared(index, initial);
    }

    public void StoreScalar(int index, S value)
    {
        RuleDeclaration.CheckScalar(Declaration.Name, nameof(StoreScalar), index, Declaration.Scalars.Count);
        StoreDeclared(index, value);
    }

    public virtual L Name(string name, L value) => value;

    public virtual S NameScalar(string name, S value) => value;

    protected abstract S LoadDeclared(int index, double initial);

    protected abstract void StoreDeclared(int index, S value);
}
