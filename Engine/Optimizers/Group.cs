using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>Parameters that share a rule and its hyperparameters.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Group<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected Group(ParameterEntry<T>[] entries) => Entries = entries;

    /// <summary>The rule's name.</summary>
    public abstract string RuleName { get; }

    /// <summary>
    /// The learning rate of the rule: a number or a schedule. It may be set between steps: <c>group.LearningRate = 1e-4</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside its range; the group keeps the one it has.</exception>
    public abstract Hyperparameter LearningRate { get; set; }

    /// <summary>The learning rate at the last step; at the coming one where no step was made since the rule was set.</summary>
    public double LastLearningRate { get; private protected set; }

    /// <summary>The learning rate of the coming step.</summary>
    private protected double NextLearningRate { get; set; }

    /// <summary>The parameters.</summary>
    public IEnumerable<Parameter<T>> Parameters => Entries.Select(entry => entry.Parameter);

    /// <summary>One line: the rule, its learning rate, and how much is under it.</summary>
    public override string ToString()
    {
        long elements = Entries.Sum(entry => (long)entry.Parameter.Shape.Length);
        string count = Entries.Length == 1 ? "1 parameter" : string.Create(CultureInfo.InvariantCulture, $"{Entries.Length} parameters");
        return string.Create(CultureInfo.InvariantCulture, $"{RuleName}, learning rate {LearningRate}: {count}, {elements} elements");
    }

    internal ParameterEntry<T>[] Entries { get; }

    /// <summary>The hyperparameters that the rule uses.</summary>
    internal abstract HyperparameterList Hyperparameters { get; }

    /// <summary>The optimizer that the group belongs to; null while it is made.</summary>
    internal Optimizer<T>? Owner { get; set; }

    /// <summary>Whether the rule reads ‖g‖ of each parameter.</summary>
    internal virtual bool NeedsGradientNorm => false;

    /// <summary>The state that the rule keeps for one parameter.</summary>
    internal abstract StateLayout LayoutOf(ParameterEntry<T> entry);

    /// <summary>
    /// Does all of the coming step that can throw: checks the hyperparameters, computes the scalars, and initializes the state that is
    /// missing. <see cref="Discard"/> undoes it.
    /// </summary>
    internal abstract void Stage();

    /// <summary>Forgets the state that was initialized for a step that is not made.</summary>
    internal void Discard()
    {
        foreach (ParameterEntry<T> entry in Entries)
        {
            if (entry.IsStaged)
            {
                entry.Reset();
            }
        }
    }

    /// <summary>Replaces the state of one parameter.</summary>
    internal virtual void SetState(ParameterEntry<T> entry, Buffer<T>[] arrays, double[] scalars) => entry.SetState(arrays, scalars);

    /// <summary>Keeps what was staged, counts the update of each parameter that was updated, and clears its gradient.</summary>
    internal virtual void Finish(bool keepGradients)
    {
        LastLearningRate = NextLearningRate;
        foreach (ParameterEntry<T> entry in Entries)
        {
            entry.IsStaged = false;
            if (entry.IsUpdated)
            {
                entry.Updates++;
                if (!keepGradients)
                {
                    entry.Parameter.ClearGradient();
                }
            }
        }
    }

    /// <summary>Gives the state of one parameter its values before the first step, if it has none.</summary>
    private protected void StageState(ParameterEntry<T> entry)
    {
        if (!entry.HasState)
        {
            StateLayout layout = LayoutOf(entry);
            SetState(entry, entry.InitialArrays(layout.Arrays), new double[layout.Scalars.Count]);
            entry.IsStaged = true;
        }
    }
}
