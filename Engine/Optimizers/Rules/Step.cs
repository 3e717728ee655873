using System.Runtime.CompilerServices;


namespace Engine;

/// <summary>
/// One step as a rule sees it: its hyper-parameters, the count t, and the border between scalars of the step, which are computed once and in
/// double precision, and the elements. <c>at[1 - β1]</c> takes the scalar 1 − β₁ to the elements.
/// </summary>
/// <typeparam name="S">The lane of the step's scalars.</typeparam>
/// <typeparam name="L">The lane of the elements.</typeparam>
public ref struct Step<S, L> where S : ILane<S> where L : ILane<L>
{
    private readonly ref L _table;
    private readonly Reading<S, L>? _reading;
    private int _next;

    /// <summary>The step inside the sweep: the scalars stand ready in a table, in the order in which the rule asks for them.</summary>
    internal Step(ref L table) => _table = ref table;

    /// <summary>The step as a reading has it.</summary>
    internal Step(Reading<S, L> reading)
    {
        _table = ref Unsafe.NullRef<L>();
        _reading = reading;
    }

    /// <summary>The number of this update of this parameter, from 1.</summary>
    public readonly S T => typeof(S) == typeof(Slot) ? default! : _reading!.StepNumber;

    /// <summary>‖g‖₂ over the whole parameter, after clipping by norm but before clipping by value and decay, for rules that declare <see cref="IRule.NeedsGradientNorm"/>.</summary>
    public readonly S GradientNorm => typeof(S) == typeof(Slot) ? default! : _reading!.GradientNorm;

    /// <summary>A scalar of the step, taken to the elements: rounded to their precision once a step.</summary>
    public L this[S scalar]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(S) == typeof(Slot) ? Unsafe.Add(ref _table, _next++) : _reading!.Lift(scalar);
    }

    /// <summary>A hyper-parameter's value at this step.</summary>
    /// <param name="value">The rule's property.</param>
    /// <param name="symbol">Its letter in the paper.</param>
    /// <param name="least">The smallest value that makes sense.</param>
    /// <param name="below">The value that it must stay below.</param>
    /// <param name="name">The property's name, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range; thrown before the step changes anything.</exception>
    public readonly S Hyper(Hyperparameter value, string symbol, double least = 0, double below = double.PositiveInfinity, [CallerArgumentExpression(nameof(value))] string name = "") =>
        typeof(S) == typeof(Slot) ? default! : _reading!.Hyper(value, symbol, least, below, name);

    /// <summary>A number that the rule keeps for each parameter from step to step, under <see cref="IRule.ScalarNames"/>.</summary>
    /// <param name="index">Which of them.</param>
    /// <param name="initial">Its value before the first step.</param>
    public readonly S Recall(int index, double initial) => typeof(S) == typeof(Slot) ? default! : _reading!.Recall(index, initial);

    /// <summary>Keeps a number for the next step.</summary>
    public readonly void Keep(int index, S value)
    {
        if (typeof(S) != typeof(Slot))
        {
            _reading!.Keep(index, value);
        }
    }

    /// <summary>Gives an intermediate value its name, for the printed formula and the explained step; the value goes through unchanged.</summary>
    public readonly L Let(string name, L value) => typeof(S) == typeof(Slot) ? value : _reading!.Let(name, value);

    /// <summary>Gives a scalar of the step its name.</summary>
    public readonly S Let(string name, S value) => typeof(S) == typeof(Slot) ? value : _reading!.LetScalar(name, value);
}

/// <summary>What a rule's arithmetic is read as, when it is not the sweep: numbers, symbols, an explanation, a differentiable step.</summary>
internal abstract class Reading<S, L> where S : ILane<S> where L : ILane<L>
{
    public abstract S StepNumber { get; }

    public abstract S GradientNorm { get; }

    public abstract S Hyper(Hyperparameter value, string symbol, double least, double below, string name);

    public abstract L Lift(S scalar);

    public abstract S Recall(int index, double initial);

    public abstract void Keep(int index, S value);

    public virtual L Let(string name, L value) => value;

    public virtual S LetScalar(string name, S value) => value;
}
