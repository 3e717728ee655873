using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>The state of an optimizer, by parameter name.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OptimizerState<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Creates a state from its parts, for example after reading them from a file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public OptimizerState(long steps, IReadOnlyDictionary<string, ParameterState<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (steps < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps),
                string.Create(CultureInfo.InvariantCulture, $"OptimizerState: got {steps} steps, expected a number from 0 on."));
        }
        Steps = steps;
        Parameters = parameters;
    }

    /// <summary>The number of steps made.</summary>
    public long Steps { get; }

    /// <summary>The state of each parameter.</summary>
    public IReadOnlyDictionary<string, ParameterState<T>> Parameters { get; }
}
