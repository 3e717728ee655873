using System.Numerics;

namespace Engine;

/// <summary>Parameters under a rule of a known type: what <c>AddGroup</c> returns, whatever the family of the rule.</summary>
/// <typeparam name="TRule">The rule.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Group<TRule, T> : Group<T> where TRule : struct where T : unmanaged, IFloatingPointIeee754<T>
{
    private HyperparameterList _hyperparameters = new();

    private protected Group(ParameterEntry<T>[] entries) : base(entries)
    {
    }

    /// <inheritdoc/>
    public sealed override string RuleName => typeof(TRule).Name;

    /// <inheritdoc/>
    internal sealed override HyperparameterList Hyperparameters => _hyperparameters;

    /// <summary>The rule; it may be replaced between steps: <c>group.Rule = group.Rule with { Beta1 = 0.8 }</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is outside its range; the group keeps its rule.</exception>
    /// <exception cref="InvalidOperationException">A call of the optimizer is running, such as the step that reads a schedule.</exception>
    public TRule Rule
    {
        get;
        set
        {
            using Optimizer<T>.Use use = Owner is null ? default : Owner.Enter(nameof(Rule));
            HyperparameterList hyperparameters = new();
            Prepare(value, hyperparameters);
            field = value;
            _hyperparameters = hyperparameters;
            LastLearningRate = LearningRate.At(Entries.Max(entry => entry.Updates));
        }
    }

    /// <summary>
    /// Throws if a hyperparameter is outside its range; otherwise prepares the group for the rule, and lists its hyperparameters.
    /// </summary>
    private protected abstract void Prepare(TRule rule, HyperparameterList hyperparameters);
}
