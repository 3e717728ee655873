namespace Engine;

/// <summary>The memory of one parameter's update: the operands of the sweep.</summary>
internal unsafe struct SweepOperands<T> where T : unmanaged
{
    /// <summary>The parameter's value, which the sweep updates.</summary>
    public T* Value;

    /// <summary>The number of the parameter's elements.</summary>
    public int Length;

    /// <summary>The gradient.</summary>
    public T* Gradient;

    /// <summary>The state arrays, which the sweep updates; null from the rule's number of arrays on.</summary>
    public T* First, Second, Third, Fourth;

    /// <summary>The scalars of the step, as <see cref="ScalarPass{T}"/> wrote them.</summary>
    public T* Scalars;

    /// <summary>The same operands from element <paramref name="offset"/> on, with the gradient at <paramref name="gradient"/>.</summary>
    public readonly SweepOperands<T> From(nint offset, T* gradient) => this with
    {
        Value = Value + offset,
        Gradient = gradient,
        First = First == null ? null : First + offset,
        Second = Second == null ? null : Second + offset,
        Third = Third == null ? null : Third + offset,
        Fourth = Fourth == null ? null : Fourth + offset,
    };
}
