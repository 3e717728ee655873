namespace Engine;

/// <summary>What a rule's arithmetic means outside the sweep: numbers, symbols, operations on the tape.</summary>
/// <typeparam name="S">The lane of the step's scalars.</typeparam>
/// <typeparam name="L">The lane of the elements.</typeparam>
internal abstract class Interpreter<S, L> where S : ILane<S> where L : ILane<L>
{
    public abstract S StepNumber { get; }

    public abstract S GradientNorm { get; }

    public abstract S Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name);

    public abstract L ToElements(S scalar);

    public abstract S LoadScalar(int index, double initial);

    public abstract void StoreScalar(int index, S value);

    public virtual L Name(string name, L value) => value;

    public virtual S NameScalar(string name, S value) => value;
}
