using System.Numerics;

namespace Engine;

/// <summary>Y = a·bᵀ, the outer product: yᵢⱼ = aᵢbⱼ.</summary>
public static class OuterOp
{
    extension<T>(Tensor<T> a) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The outer product of two vectors: [m] and [n] give [m, n].</summary>
        /// <param name="b">The second vector.</param>
        /// <exception cref="ArgumentException">One of the two is not a vector.</exception>
        public Tensor<T> Outer(Tensor<T> b) => a.Shape.Rank == 1 && b.Shape.Rank == 1
            ? a.Unsqueeze(1) * b
            : throw new ArgumentException($"Outer: got the shapes {a.Shape} and {b.Shape}, expected two vectors.", nameof(b));
    }
}
