using System.Numerics;

namespace Engine;

/// <summary>A tensor that a module keeps and saves, but that is not trained, such as a running statistic.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class NamedTensor<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal NamedTensor(string name, in Tensor<T> value)
    {
        Name = name;
        Value = new Tensor<T>(new Buffer<T>(value.Length, clear: false) { IsMutable = true }, value.Shape);
        value.Span.CopyTo(Value.Output);
    }

    /// <summary>The name, prefixed with the names of the modules that contain it.</summary>
    public string Name { get; internal set; }

    /// <summary>The extents.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>The current value, always in the same memory.</summary>
    public Tensor<T> Value { get; }

    /// <summary>Replaces the elements.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void SetValue(in Tensor<T> value)
    {
        if (value.Shape != Shape)
        {
            throw new ArgumentException($"SetValue: got the shape {value.Shape} for '{Name}', expected {Shape}.", nameof(value));
        }
        value.Span.CopyTo(Value.Output);
    }

    /// <summary>Name and shape.</summary>
    public override string ToString() => $"{Name} {Shape}";
}
