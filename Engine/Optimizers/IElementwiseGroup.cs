using System.Numerics;

namespace Engine;

/// <summary>A group under an elementwise rule whose type is not known: the groups that the sweep updates.</summary>
internal interface IElementwiseGroup<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The group's parameters.</summary>
    ParameterEntry<T>[] Entries { get; }

    /// <summary>Updates elements of one parameter.</summary>
    void Sweep(ParameterEntry<T> entry, int from, int to, bool clamp);

    /// <summary>Updates some rows of one parameter, whose gradients are stored one after another.</summary>
    void StepRows(ParameterEntry<T> entry, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients, GradientTransform transform);

    /// <summary>Replaces values by the point at which the model is evaluated, if the rule averages.</summary>
    void ToEvaluationPoint(ParameterEntry<T> entry, Span<T> values);

    /// <summary>Calls the visitor with the rule under its own type.</summary>
    TResult Accept<TResult>(IElementwiseGroupVisitor<T, TResult> visitor);
}
