using System.Numerics;

namespace Engine;

/// <summary>What an optimizer remembers of one parameter, under PyTorch's key names; copies, not the memory itself.</summary>
/// <param name="Rule">The name of the rule that made it.</param>
/// <param name="Step">The updates made (PyTorch: <c>step</c>).</param>
/// <param name="Arrays">The state arrays by name; none before the first step.</param>
/// <param name="Scalars">The numbers kept beside the arrays.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record ParameterState<T>(string Rule, long Step, IReadOnlyDictionary<string, Tensor<T>> Arrays, IReadOnlyDictionary<string, double> Scalars)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>What an optimizer remembers, by parameter name.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OptimizerState<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>State made of its parts, for those who read it from somewhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public OptimizerState(long steps, IReadOnlyDictionary<string, ParameterState<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Steps = steps;
        Parameters = parameters;
    }

    /// <summary>The steps taken.</summary>
    public long Steps { get; }

    /// <summary>The state of each parameter.</summary>
    public IReadOnlyDictionary<string, ParameterState<T>> Parameters { get; }
}

/// <summary>How exactly a state must fit the optimizer that loads it.</summary>
public enum StateMatch
{
    /// <summary>The same parameters, rules, arrays and shapes; anything else throws with the difference.</summary>
    Strict,

    /// <summary>What fits is loaded; parameters that have nothing fitting begin anew.</summary>
    Partial,
}
