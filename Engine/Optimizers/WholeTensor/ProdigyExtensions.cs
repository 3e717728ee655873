using System.Numerics;

namespace Engine;

/// <summary>Reads the estimate of <see cref="Prodigy"/> from its group.</summary>
public static class ProdigyExtensions
{
    extension<T>(Group<Prodigy, T> group) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The estimate d of the distance from the start to the solution, which is the learning rate of the coming step at η = 1.
        /// </summary>
        public double Distance =>
            group.Entries.FirstOrDefault(entry => entry.Updates > 0)?.Scalars[0] ?? group.Rule.InitialDistance.At(0);
    }
}
