using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The context of one step of a rule over whole tensors: its number and its hyperparameters.</summary>
public abstract class RuleStep
{
    private protected RuleStep(string ruleName) => RuleName = ruleName;

    /// <summary>The number t of this update, from 1.</summary>
    public abstract long Number { get; }

    /// <summary>Receives each hyperparameter that the rule reads; null without a listener.</summary>
    internal Action<Hyperparameter, string, HyperparameterRange, string>? OnHyper { get; set; }

    private protected string RuleName { get; }

    /// <summary>A hyperparameter's value at this step.</summary>
    /// <param name="value">The rule's property.</param>
    /// <param name="symbol">The symbol that the paper uses.</param>
    /// <param name="atLeast">The smallest valid value.</param>
    /// <param name="lessThan">The bound that every valid value is less than.</param>
    /// <param name="greaterThan">The bound that every valid value is greater than, in place of <paramref name="atLeast"/>.</param>
    /// <param name="name">The property's name, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range; thrown before the step changes anything.</exception>
    public double Hyper(Hyperparameter value, string symbol, double atLeast = 0, double lessThan = double.PositiveInfinity,
        double greaterThan = double.NaN,
        [CallerArgumentExpression(nameof(value))] string name = "")
    {
        HyperparameterRange range = HyperparameterRange.Of(atLeast, lessThan, greaterThan);
        OnHyper?.Invoke(value, symbol, range, name);
        return Check(range, value, symbol, name);
    }

    /// <summary>Checks a hyperparameter for elements of the step's precision.</summary>
    private protected abstract double Check(HyperparameterRange range, Hyperparameter value, string symbol, string name);
}
