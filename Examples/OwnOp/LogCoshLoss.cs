using System.Numerics;
using Engine;

namespace Examples.OwnOp;

/// <summary>
/// A loss composed of other operations, which have their derivatives: the mean of ln cosh(p − t), quadratic for small errors and linear
/// for large ones.
/// </summary>
internal static class LogCoshLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The mean of ln cosh(p − t) = |p − t| + ln(1 + e^(−2|p − t|)) − ln 2, a form that never overflows.</summary>
        public Tensor<T> LogCosh(Tensor<T> target)
        {
            Tensor<T> size = (prediction - target).Abs();
            return (size + (1 + (-2 * size).Exp()).Log() - Math.Log(2)).Mean();
        }
    }
}
