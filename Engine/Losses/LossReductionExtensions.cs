using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>What all losses do with their reduction.</summary>
internal static class LossReductionExtensions
{
    extension(LossReduction reduction)
    {
        /// <summary>Throws if the value is not one of the names of <see cref="LossReduction"/>.</summary>
        public void ThrowIfUndefined(string loss)
        {
            if (!Enum.IsDefined(reduction))
            {
                string names = string.Join(", ", Enum.GetNames<LossReduction>());
                throw new ArgumentOutOfRangeException(
                    nameof(reduction),
                    string.Create(CultureInfo.InvariantCulture, $"{loss}: got the reduction {(int)reduction}, expected one of {names}."));
            }
        }

        /// <summary>Throws if the mean of no elements is asked for.</summary>
        public void ThrowIfMeanOfNothing(string loss, in Shape shape)
        {
            if (reduction == LossReduction.Mean && shape.Length == 0)
            {
                throw new ArgumentException(
                    $"{loss}: got the shape {shape}, expected at least one element: there is nothing to take the mean of.", nameof(shape));
            }
        }

        /// <summary>The mean or the sum of the losses, or the losses themselves.</summary>
        public Tensor<T> Of<T>(in Tensor<T> losses) where T : unmanaged, IFloatingPointIeee754<T> => reduction switch
        {
            LossReduction.Mean => losses.Mean(),
            LossReduction.Sum => losses.Sum(),
            _ => losses,
        };
    }
}
