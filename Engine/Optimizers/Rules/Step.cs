using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// One step as a rule sees it: its hyperparameters, its count t, and the conversion of the step's scalars, which are computed once a step
/// and in double precision, to the lane of the elements: <c>at[1 - β1]</c> is the scalar 1 − β₁ in every element of a register.
/// </summary>
/// <typeparam name="S">The lane of the step's scalars.</typeparam>
/// <typeparam name="L">The lane of the elements.</typeparam>
public ref struct Step<S, L> where S : ILane<S> where L : ILane<L>
{
    private readonly Interpreter<S, L>? _interpreter;
    private StepScalars<L> _scalars;
    private int _converted;

    /// <summary>The step inside the sweep: its scalars were computed before, in the order in which the rule asks for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Step(in StepScalars<L> scalars) => _scalars = scalars;

    /// <summary>The step under any other interpreter.</summary>
    internal Step(Interpreter<S, L> interpreter) => _interpreter = interpreter;

    /// <summary>The number of scalars that the sweep has read.</summary>
    internal readonly int Converted => _converted;

    /// <summary>The number t of this update of this parameter, from 1.</summary>
    public readonly S T => typeof(S) == typeof(ErasedScalar) ? default! : _interpreter!.StepNumber;

    /// <summary>
    /// The norm ‖g‖₂ over the whole parameter, after clipping by norm but before clipping by value and decay, for rules that declare
    /// <see cref="IRule.NeedsGradientNorm"/>.
    /// </summary>
    public readonly S GradientNorm => typeof(S) == typeof(ErasedScalar) ? default! : _interpreter!.GradientNorm;

    /// <summary>A scalar of the step in every element, rounded to their precision once a step.</summary>
    public L this[S scalar]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (typeof(S) != typeof(ErasedScalar))
            {
                return _interpreter!.ToElements(scalar);
            }
            _converted++;
            return _scalars.Take();
        }
    }

    /// <summary>A hyperparameter's value at this step.</summary>
    /// <param name="value">The rule's property.</param>
    /// <param name="symbol">The symbol that the paper uses.</param>
    /// <param name="atLeast">The smallest valid value.</param>
    /// <param name="lessThan">The bound that every valid value is less than.</param>
    /// <param name="greaterThan">The bound that every valid value is greater than, in place of <paramref name="atLeast"/>.</param>
    /// <param name="name">The property's name, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range; thrown before the step changes anything.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly S Hyper(Hyperparameter value, string symbol, double atLeast = 0, double lessThan = double.PositiveInfinity,
        double greaterThan = double.NaN,
        [CallerArgumentExpression(nameof(value))] string name = "") =>
        typeof(S) == typeof(ErasedScalar)
            ? default!
            : _interpreter!.Hyper(value, symbol, HyperparameterRange.Of(atLeast, lessThan, greaterThan), name);

    /// <summary>A number that the rule keeps for each parameter from step to step.</summary>
    /// <param name="index">Its position in <see cref="IRule.Scalars"/>.</param>
    /// <param name="initial">Its value before the first step.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly S LoadScalar(int index, double initial) =>
        typeof(S) == typeof(ErasedScalar) ? default! : _interpreter!.LoadScalar(index, initial);

    /// <summary>Keeps a number for the next step.</summary>
    /// <param name="index">Its position in <see cref="IRule.Scalars"/>.</param>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StoreScalar(int index, S value)
    {
        if (typeof(S) != typeof(ErasedScalar))
        {
            _interpreter!.StoreScalar(index, value);
        }
    }

    /// <summary>Names an intermediate value for the printed formula and the explained step; returns the value unchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly L Name(string name, L value) => typeof(S) == typeof(ErasedScalar) ? value : _interpreter!.Name(name, value);

    /// <summary>Names a scalar of the step for the printed formula and the explained step; returns it unchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly S Name(string name, S value) => typeof(S) == typeof(ErasedScalar) ? value : _interpreter!.NameScalar(name, value);
}
