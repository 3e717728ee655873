using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Foret, Kleiner, Mobahi &amp; Neyshabur, Sharpness-Aware Minimization, 2021: the step of another optimizer at θ, with the gradient taken at θ + ρg/‖g‖, the worst point
/// of a ball of radius ρ to first order. Costs two forward and backward passes.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SharpnessAware<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Parameter<T>, Buffer<T>> _home = [];

    /// <summary>Makes an optimizer aware of sharpness.</summary>
    /// <param name="inner">The optimizer that takes the step; step this object instead of it.</param>
    /// <param name="radius">ρ ≥ 0; 0 is the inner optimizer itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">ρ lies outside its range.</exception>
    public SharpnessAware(Optimizer<T> inner, double radius = 0.05)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!(radius >= 0 && double.IsFinite(radius)))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), radius, $"SharpnessAware: got radius (ρ) = {radius.ToString(System.Globalization.CultureInfo.InvariantCulture)}, expected a number from 0.");
        }
        Inner = inner;
        Radius = radius;
    }

    /// <summary>The optimizer that takes the step.</summary>
    public Optimizer<T> Inner { get; }

    /// <summary>ρ.</summary>
    public double Radius { get; }

    /// <summary>One step: the closure is called at θ, then at the worst point nearby, and the inner optimizer steps from θ with the gradient of there.</summary>
    /// <param name="closure">Computes the loss and its gradients where the parameters are now, and returns the loss. The gradients were cleared before.</param>
    /// <returns>The loss at θ, before the step.</returns>
    /// <remarks>If the gradient at θ is zero or not finite, there is no direction to go: the inner optimizer steps with it, by its policy for such. Whatever the closure throws, the parameters are back at θ.</remarks>
    public T Step(Func<T> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        Inner.ClearGradients();
        T loss = closure();
        double norm = Inner.GlobalNorm(), scale = (Inner.Maximize ? -Radius : Radius) / norm;
        if (Radius > 0 && norm > 0 && double.IsFinite(norm))
        {
            Leave(scale);
            try
            {
                Inner.ClearGradients();
                closure();
            }
            finally
            {
                Return();
            }
        }
        Inner.Step();
        return loss;
    }

    private void Leave(double scale)
    {
        for (int i = 0; i < Inner.Groups.Count; i++)
        {
            foreach (ParameterEntry<T> entry in Inner.Groups[i].Entries)
            {
                Parameter<T> parameter = entry.Parameter;
                if (!_home.TryGetValue(parameter, out Buffer<T>? home))
                {
                    _home.Add(parameter, home = new Buffer<T>(parameter.Shape.Length, clear: false));
                }
                Span<T> θ = parameter.Value.Output;
                θ.CopyTo(home.Span);
                if (parameter.HasGradient)
                {
                    Vectors.AddScaled(θ, scale, parameter.Gradient.Span);
                }
            }
        }
    }

    private void Return()
    {
        foreach ((Parameter<T> parameter, Buffer<T> home) in _home)
        {
            home.Span.CopyTo(parameter.Value.Output);
        }
    }
}
