using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>Classes as rows of zeros with a single 1: constants.</summary>
public static class OneHotOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>[classes, count] with a 1 in each row, at the column of its class.</summary>
        /// <param name="classes">A class for each row, from 0 to count − 1.</param>
        /// <param name="count">The number of classes, at least 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or a class is out of range.</exception>
        public static Tensor<T> OneHot(ReadOnlySpan<int> classes, int count)
        {
            if (count < 1)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(count), string.Create(CultureInfo.InvariantCulture, $"OneHot: got {count} classes, expected at least 1."));
            }
            for (int row = 0; row < classes.Length; row++)
            {
                if ((uint)classes[row] >= (uint)count)
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(classes),
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"OneHot: got class {classes[row]} at position {row}, expected {AxisIndices.Expected(count)}."));
                }
            }
            Tensor<T> y = Tape<T>.Allocate(new Shape([classes.Length, count], "OneHot"), out Span<T> elements);
            elements.Clear();
            for (int row = 0; row < classes.Length; row++)
            {
                elements[row * count + classes[row]] = T.One;
            }
            return y;
        }
    }
}
