using System.Numerics;

namespace Engine;

/// <summary>
/// A named value that training changes, with its gradient. The tape writes the gradient, an optimizer reads it; neither knows the other.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Buffer<T> _value;
    private Buffer<T>? _gradient;
    private bool _hasGradient, _isFrozen;

    /// <summary>A parameter that starts as a copy of <paramref name="value"/>.</summary>
    /// <param name="name">Unique among the parameters trained together; its state is saved under it.</param>
    /// <param name="value">The initial value.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public Parameter(string name, in Tensor<T> value)
    {
        ElementType.Check<T>();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Shape = value.Shape;
        _value = new Buffer<T>(value.Length, clear: false) { Parameter = this };
        value.Span.CopyTo(_value.Span);
    }

    /// <summary>The name; a module that contains the parameter puts its own name in front.</summary>
    public string Name { get; internal set; }

    /// <summary>The extents of value and gradient.</summary>
    public Shape Shape { get; }

    /// <summary>The current value. It is the same memory in all steps: an optimizer's updates show in it.</summary>
    public Tensor<T> Value => Substitute ?? new(_value, Shape);

    /// <summary>
    /// Whether a backward pass has written a gradient since it was last cleared. An absent gradient is not a zero gradient: an optimizer
    /// skips the parameter.
    /// </summary>
    public bool HasGradient => _hasGradient;

    /// <summary>
    /// Whether recordings take the value for a constant, so that the parameter gets no gradient and no optimizer changes it; a gradient
    /// that is there when it is frozen is cleared. Change it between recordings.
    /// </summary>
    public bool IsFrozen
    {
        get => _isFrozen;
        set
        {
            _isFrozen = value;
            _hasGradient &= !value;
        }
    }

    /// <summary>
    /// ∂loss/∂value, of the same shape. It is valid until the gradient is written again, by a backward pass or by
    /// <see cref="SetGradient"/>: then it is expired and throws.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no gradient.</exception>
    public Tensor<T> Gradient => _hasGradient
        ? new(_gradient!, Shape)
        : throw new InvalidOperationException(
            $"The parameter '{Name}' has no gradient: no backward pass has reached it since the gradients were cleared.");

    /// <summary>
    /// Replaces the elements of the value. Backward then throws for a recording that has already read the value.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void SetValue(in Tensor<T> value) => Checked(value, nameof(SetValue)).Span.CopyTo(new Tensor<T>(_value, Shape).Output);

    /// <summary>Replaces the elements of the gradient, and makes it present.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The parameter is frozen.</exception>
    public void SetGradient(in Tensor<T> gradient)
    {
        ThrowIfFrozen(nameof(SetGradient));
        Checked(gradient, nameof(SetGradient)).Span.CopyTo(GradientBuffer.Span);
        GradientBuffer.Expire();
        MarkGradient();
    }

    /// <summary>Makes the gradient absent, at no cost: the next backward pass overwrites it.</summary>
    public void ClearGradient() => _hasGradient = false;

    /// <summary>The memory of the parameter's own value, also while <see cref="Substitute"/> is given in its place.</summary>
    internal Buffer<T> ValueBuffer => _value;

    /// <summary>What <see cref="Value"/> gives in its place; null for the value itself.</summary>
    internal Tensor<T>? Substitute { get; set; }

    /// <summary>The gradient's memory, present or not.</summary>
    internal Buffer<T> GradientBuffer =>
        _gradient ??= new Buffer<T>(_value.Length, clear: false) { GradientOf = this, IsMutable = true };

    /// <summary>The backward pass that was the last to write the gradient.</summary>
    internal long LastPass { get; set; }

    /// <summary>How often elements of the gradient were written: an optimizer that has seen as many has seen this gradient.</summary>
    internal long GradientsReceived { get; set; }

    /// <summary>Makes the gradient present, after its elements were written.</summary>
    internal void MarkGradient()
    {
        _hasGradient = !_isFrozen;
        GradientsReceived++;
    }

    /// <summary>Counts a change of the value that was not made through <see cref="Tensor{T}.Output"/>.</summary>
    internal void MarkChanged() => _value.MarkWritten();

    /// <summary>Throws if the parameter is frozen.</summary>
    internal void ThrowIfFrozen(string operation)
    {
        if (_isFrozen)
        {
            throw new InvalidOperationException($"{operation}: got the frozen parameter '{Name}', expected one that is not.");
        }
    }

    private Tensor<T> Checked(in Tensor<T> tensor, string operation) => tensor.Shape == Shape
        ? tensor
        : throw new ArgumentException($"{operation}: got the shape {tensor.Shape} for the parameter '{Name}', expected {Shape}.");

    /// <summary>Name and shape.</summary>
    public override string ToString() => $"{Name} {Shape}";
}
