using System.Numerics;

namespace Engine;

/// <summary>A group under an elementwise rule: the groups that the sweep updates.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class ElementwiseGroup<T> : Group<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected ElementwiseGroup(ParameterEntry<T>[] entries) : base(entries)
    {
    }

    /// <summary>Updates elements of one parameter.</summary>
    internal abstract void Sweep(ParameterEntry<T> entry, int from, int to, bool clamp);

    /// <summary>Does all of the coming step of some rows of one parameter that can throw, as <see cref="Group{T}.Stage"/> does.</summary>
    internal abstract void StageRows(ParameterEntry<T> entry, ReadOnlySpan<T> gradients, GradientTransform transform);

    /// <summary>Updates some rows of one parameter, whose gradients are stored one after another, and counts the update.</summary>
    internal abstract void StepRows(ParameterEntry<T> entry, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients, bool clamp);

    /// <summary>Replaces values by the point at which the model is evaluated, if the rule averages.</summary>
    internal abstract void ToEvaluationPoint(ParameterEntry<T> entry, Span<T> values);

    /// <summary>Calls the visitor with the rule under its own type.</summary>
    internal abstract TResult Accept<TResult>(IElementwiseGroupVisitor<T, TResult> visitor);
}
