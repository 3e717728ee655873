using System.Numerics;

namespace Engine;

/// <summary>
/// y = x + f(x), or p(x) + f(x) with a projection p where f changes the shape (He, Zhang, Ren, Sun: Deep residual learning for image
/// recognition, 2015). The names of f and p are <c>body</c> and <c>projection</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Residual<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ModuleState<T> _before = new();

    /// <summary>The sum of a layer and its input, or a projection of it.</summary>
    /// <param name="body">f.</param>
    /// <param name="projection">p; null for the input itself.</param>
    /// <exception cref="ArgumentException">A layer is inside another module already, or both are the same.</exception>
    public Residual(Layer<T> body, Layer<T>? projection = null)
    {
        Body = AddModule("body", body);
        Projection = projection is null ? null : AddModule("projection", projection);
    }

    /// <summary>f.</summary>
    public Layer<T> Body { get; }

    /// <summary>p, if there is one.</summary>
    public Layer<T>? Projection { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// If a layer throws, or the shapes differ, the buffers and counters of both are again what they were before, and nothing of the call
    /// is recorded.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A layer refuses the input, or the shape of f(x) is not that of x or of its projection.
    /// </exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        _before.Save(this);
        Tape<T>.Mark before = Tape<T>.SetMark();
        try
        {
            Tensor<T> direct = Projection is null ? x : Projection.Forward(x), y = Body.Forward(x);
            return y.Shape == direct.Shape
                ? direct + y
                : throw new ArgumentException(
                    $"Residual: got f(x) of shape {y.Shape} for {(Projection is null ? "x" : "a projection")} of shape {direct.Shape}, "
                        + "expected the same.",
                    nameof(x));
        }
        catch
        {
            _before.Restore();
            before.RollBack();
            throw;
        }
    }
}
