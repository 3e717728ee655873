using System.Numerics;

namespace Engine;

/// <summary>The optimizer state of one parameter, under PyTorch's key names, as a copy.</summary>
/// <param name="Rule">The name of the rule that made it.</param>
/// <param name="Step">The number of updates made (PyTorch: <c>step</c>).</param>
/// <param name="Arrays">The state arrays by name; none before the first step.</param>
/// <param name="Scalars">The numbers kept beside the arrays.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record ParameterState<T>(string Rule, long Step, IReadOnlyDictionary<string, Tensor<T>> Arrays,
    IReadOnlyDictionary<string, double> Scalars)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>The state of an optimizer, by parameter name.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OptimizerState<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Creates a state from its parts, for example after reading them from a file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public OptimizerState(long steps, IReadOnlyDictionary<string, ParameterState<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Steps = steps;
        Parameters = parameters;
    }

    /// <summary>The number of steps made.</summary>
    public long Steps { get; }

    /// <summary>The state of each parameter.</summary>
    public IReadOnlyDictionary<string, ParameterState<T>> Parameters { get; }
}

/// <summary>How exactly a saved state must fit the optimizer that loads it.</summary>
public enum StateMatch
{
    /// <summary>Parameters, rules, arrays and shapes must be the same; otherwise loading throws with the differences.</summary>
    Strict,

    /// <summary>State that fits is loaded; all other parameters start without state.</summary>
    Partial,
}
