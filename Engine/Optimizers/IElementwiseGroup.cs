using System.Numerics;

namespace Engine;

/// <summary>A group under an elementwise rule whose type is not known: the groups that the sweep updates.</summary>
internal interface IElementwiseGroup<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The rule's name.</summary>
    string RuleName { get; }

    /// <summary>The group's parameters.</summary>
    ParameterEntry<T>[] Entries { get; }

    /// <summary>Updates elements of one parameter.</summary>
    void Sweep(ParameterEntry<T> entry, int from, int to, bool clamp);

    /// <summary>Does all of the coming step of some rows of one parameter that can throw, as <see cref="Group{T}.Stage"/> does.</summary>
    void StageRows(ParameterEntry<T> entry, ReadOnlySpan<T> gradients);

    /// <summary>Forgets the state that was initialized for a step that is not made.</summary>
    void Discard();

    /// <summary>Updates some rows of one parameter, whose gradients are stored one after another, and counts the update.</summary>
    void StepRows(ParameterEntry<T> entry, ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients, bool clamp);

    /// <summary>Replaces values by the point at which the model is evaluated, if the rule averages.</summary>
    void ToEvaluationPoint(ParameterEntry<T> entry, Span<T> values);

    /// <summary>Calls the visitor with the rule under its own type.</summary>
    TResult Accept<TResult>(IElementwiseGroupVisitor<T, TResult> visitor);
}
