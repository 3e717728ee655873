using System.Numerics;

namespace Engine;

/// <summary>Parameters that share a rule and its hyperparameters.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Group<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected Group(ParameterEntry<T>[] entries) => Entries = entries;

    /// <summary>The rule's name.</summary>
    public abstract string RuleName { get; }

    /// <summary>The learning rate of the last step, or of the first one before any step.</summary>
    public double LearningRate { get; private protected set; }

    /// <summary>The parameters.</summary>
    public IEnumerable<Parameter<T>> Parameters => Entries.Select(entry => entry.Parameter);

    internal ParameterEntry<T>[] Entries { get; }

    /// <summary>The state that the rule keeps for one parameter.</summary>
    internal abstract StateLayout LayoutOf(ParameterEntry<T> entry);

    /// <summary>Gives the state of one parameter its values before the first step.</summary>
    internal virtual void InitializeState(ParameterEntry<T> entry)
    {
        StateLayout layout = LayoutOf(entry);
        entry.InitializeState(layout.Arrays, layout.Scalars.Count);
    }

    /// <summary>
    /// Checks the hyperparameters and computes the scalars of the coming step of each parameter that has a gradient; changes nothing that
    /// a later step could see.
    /// </summary>
    internal abstract void ComputeScalars(GradientTransform transform);

    /// <summary>Counts the update of each parameter that was updated, and clears its gradient.</summary>
    internal virtual void Finish(bool keepGradients)
    {
        foreach (ParameterEntry<T> entry in Entries)
        {
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
}
