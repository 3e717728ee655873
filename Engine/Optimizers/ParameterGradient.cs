using System.Numerics;

namespace Engine;

/// <summary>The gradient of one parameter as an <see cref="IGradientTransform"/> sees it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct ParameterGradient<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ParameterEntry<T> _entry;

    internal ParameterGradient(ParameterEntry<T> entry) => _entry = entry;

    /// <summary>The parameter's name.</summary>
    public string Name => _entry.Parameter.Name;

    /// <summary>The extents of value and gradient.</summary>
    public Shape Shape => _entry.Parameter.Shape;

    /// <summary>The parameter's value θ, in row-major order.</summary>
    public ReadOnlySpan<T> Value => _entry.Parameter.ValueBuffer.Span;

    /// <summary>The gradient, in row-major order, which the transform changes.</summary>
    public Span<T> Gradient => _entry.Gradient.Span;

    /// <summary>The number of updates of this parameter made before, 0 at the first.</summary>
    public long Updates => _entry.Updates;
}
