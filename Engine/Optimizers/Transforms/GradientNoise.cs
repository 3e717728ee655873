using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Engine;

/// <summary>
/// Adds normal noise that fades: g ← g + N(0, σ²) with σ² = η/(1 + t)^γ, t the number of updates made before (Neelakantan et al., Adding
/// Gradient Noise Improves Learning for Very Deep Networks, 2015; optax's add_noise).
/// </summary>
/// <remarks>
/// The noise of an element is a function of the key, the parameter's name, the update and the element's index: it does not depend on
/// threads or on the order of the parameters, and a resumed training has the same.
/// </remarks>
public readonly record struct GradientNoise : IGradientTransform
{
    private const int Chunk = 512;

    /// <summary>Noise of this variance and decay.</summary>
    /// <param name="key">The key of the random numbers.</param>
    /// <param name="variance">The variance η ≥ 0 at the first update; the paper tries 0.01, 0.3 and 1.</param>
    /// <param name="decay">The exponent γ ≥ 0, 0.55 in the paper; 0 for noise that does not fade.</param>
    /// <exception cref="ArgumentOutOfRangeException">η or γ is negative or not finite.</exception>
    public GradientNoise(RandomKey key, double variance = 0.01, double decay = 0.55)
    {
        Key = key;
        Variance = Checked(variance, nameof(variance));
        Decay = Checked(decay, nameof(decay));
    }

    /// <summary>The key of the random numbers.</summary>
    public RandomKey Key { get; }

    /// <summary>The variance η ≥ 0 at the first update.</summary>
    public double Variance { get; }

    /// <summary>The exponent γ ≥ 0 by which the variance fades.</summary>
    public double Decay { get; }

    /// <summary>The standard deviation σ of the noise after this many updates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of updates is negative.</exception>
    public double StandardDeviation(long updates) => updates >= 0
        ? Math.Sqrt(Variance / Power.Of(1.0 + updates, Decay))
        : throw new ArgumentOutOfRangeException(nameof(updates), string.Create(CultureInfo.InvariantCulture,
            $"GradientNoise: got updates = {updates}, expected a number from 0 on."));

    /// <inheritdoc/>
    public void Apply<T>(in ParameterGradient<T> parameter) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double σ = StandardDeviation(parameter.Updates);
        RandomKey key = Key.Fold(parameter.Name).Fold(parameter.Updates);
        Span<T> gradient = parameter.Gradient, noise = stackalloc T[Chunk];
        for (int from = 0; from < gradient.Length; from += Chunk)
        {
            Span<T> part = gradient.Slice(from, Math.Min(Chunk, gradient.Length - from));
            key.FillNormal(noise[..part.Length], standardDeviation: σ, first: from);
            TensorPrimitives.Add(part, noise[..part.Length], part);
        }
    }

    /// <summary>The transform's name, η and γ.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"GradientNoise(variance {Variance}, decay {Decay})");

    private static double Checked(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture,
            $"GradientNoise: got {name} = {value}, expected a number that is finite and at least 0."));
}
