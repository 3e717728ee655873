using System.Globalization;

namespace Engine;

/// <summary>The check that all losses share.</summary>
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
    }
}
