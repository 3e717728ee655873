using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>A normalization over the trailing axes of each example.</summary>
internal sealed class TrailingNormalization<T>(string name, bool isCentered) : NormalizationOp<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static readonly TrailingNormalization<T> LayerNorm = new("LayerNorm", true), RmsNorm = new("RmsNorm", false);

    public override string Name => name;

    /// <summary>y over the last axes, which must be the normalized ones.</summary>
    public Tensor<T> Apply(in Tensor<T> x, in Shape normalized, in Tensor<T> weight, in Tensor<T> bias, double epsilon)
    {
        NormalizationEpsilon.Check(epsilon, name);
        int rank = normalized.Rank;
        if (rank == 0 || rank > x.Shape.Rank || !x.Shape.Extents[^rank..].SequenceEqual(normalized.Extents))
        {
            throw new ArgumentException($"{name}: got the shape {x.Shape}, expected one that ends in the axes {normalized}.", nameof(x));
        }
        return Apply(x, weight, bias, Layout(x.Shape.ElementCount(0, x.Shape.Rank - rank), normalized.Length), epsilon);
    }

    protected override GroupLayout Layout(in Node<T> node)
    {
        int rows = node.Saved.Shape[1];
        return Layout(rows, rows == 0 ? node.B.Shape.Length : node.A.Length / rows);
    }

    private GroupLayout Layout(int rows, int length) => new(rows, 1, length, 1, isCentered);
}
