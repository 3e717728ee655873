using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>The same elements with the axes from one on merged into a single axis: [batch, ..] becomes [batch, features].</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Flatten<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer without parameters.</summary>
    /// <param name="startAxis">The first of the axes to merge, at least 0; the one after the batch axis by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative.</exception>
    public Flatten(int startAxis = 1)
    {
        if (startAxis < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(startAxis),
                string.Create(CultureInfo.InvariantCulture, $"Flatten: got the axis {startAxis}, expected a non-negative one."));
        }
        StartAxis = startAxis;
    }

    /// <summary>The first of the axes to merge.</summary>
    public int StartAxis { get; }

    /// <summary>The layer, and its axis unless it is 1.</summary>
    public override string ToString() =>
        StartAxis == 1 ? "Flatten" : string.Create(CultureInfo.InvariantCulture, $"Flatten(from axis {StartAxis})");

    /// <inheritdoc/>
    /// <remarks>If all axes are kept, one of extent 1 is added: a batch of numbers becomes a batch of single features.</remarks>
    /// <exception cref="ArgumentException">x has fewer axes than are kept, or too many elements for an axis.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        int rank = x.Shape.Rank;
        if (StartAxis > rank || StartAxis == Shape.MaxRank)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"Flatten: got the shape {x.Shape}, expected one with an axis {StartAxis} to begin at."),
                nameof(x));
        }
        Span<int> extents = stackalloc int[StartAxis + 1];
        x.Shape.Extents[..StartAxis].CopyTo(extents);
        extents[StartAxis] = x.Shape.ElementCount(StartAxis, rank);
        return x.Reshape(new Shape(extents));
    }
}
