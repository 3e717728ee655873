using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>The state of an optimizer, by parameter name.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OptimizerState<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The largest count: rules compute with t as a double, which counts exactly up to 2⁵³.</summary>
    internal const long MaxCount = 1L << 53;

    /// <summary>Creates a state from its parts, for example after reading them from a file.</summary>
    /// <param name="steps">The number of steps made.</param>
    /// <param name="parameters">The state of each parameter.</param>
    /// <param name="groups">The hyperparameters; null where they are not known, and are not compared then.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative or above 2⁵³.</exception>
    public OptimizerState(long steps, IReadOnlyDictionary<string, ParameterState<T>> parameters, IReadOnlyList<GroupState>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Steps = steps is >= 0 and <= MaxCount
            ? steps
            : throw new ArgumentOutOfRangeException(nameof(steps), string.Create(CultureInfo.InvariantCulture,
                $"OptimizerState: got {steps} steps, expected 0 to {MaxCount}."));
        Parameters = parameters;
        Groups = groups ?? [];
    }

    /// <summary>The number of steps made.</summary>
    public long Steps { get; }

    /// <summary>The state of each parameter.</summary>
    public IReadOnlyDictionary<string, ParameterState<T>> Parameters { get; }

    /// <summary>The hyperparameters of each group; none where they are not known.</summary>
    public IReadOnlyList<GroupState> Groups { get; }
}
