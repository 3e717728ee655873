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

    /// <summary>Updates some rows of one parameter, whose gradients are stored one after another.</summary>
    internal abstract void StepRows(ParameterEntry<T> entry, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients,
        GradientTransform transform);

    /// <summary>Replaces values by the point at which the model is evaluated, if the rule averages.</summary>
    internal abstract void ToEvaluationPoint(ParameterEntry<T> entry, Span<T> values);

    /// <summary>Calls the visitor with the rule under its own type.</summary>
    internal abstract TResult Accept<TResult>(IElementwiseGroupVisitor<T, TResult> visitor);
}
