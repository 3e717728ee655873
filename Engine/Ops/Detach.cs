using System.Numerics;

namespace Engine;

/// <summary>y = x as a constant: no gradient flows through it.</summary>
public static class DetachOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>A copy of x that recordings take for a constant.</summary>
        public Tensor<T> Detach()
        {
            Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
            x.Span.CopyTo(elements);
            return y;
        }
    }
}
