using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Engine;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace Examples.Formulas;

/// <summary>What the page says about an optimizer that is not a rule, apart from its prose.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Options">Its options, each with the symbol of its algorithm and its default.</param>
/// <param name="State">The state that it allocates.</param>
internal sealed record WrapperSheet(
    string Name, Type Type, IReadOnlyList<(string Symbol, PropertyInfo Property, object? Value)> Options, string State)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<WrapperSheet> All
    {
        get
        {
            Parameter<float>[] parameters = [new("p", Tensor<float>.Full([1], 0))];
            Lookahead<float> lookahead = new(Optimizer.For(new Sgd(), parameters));
            SharpnessAware<float> sharpnessAware = new(Optimizer.For(new Sgd(), parameters));
            return
            [
                Of("Lookahead", lookahead,
                    "φ, of the parameter's shape, from θ; beside the state of the inner optimizer. It is not saved.",
                    ("k", nameof(Lookahead<float>.SyncPeriod)), ("α", nameof(Lookahead<float>.SlowStepSize))),
                Of("SharpnessAware", sharpnessAware, "a copy of θ during a step; beside the state of the inner optimizer.",
                    ("ρ", nameof(SharpnessAware<float>.Radius))),
                Of("Lbfgs", new Lbfgs<float>(parameters),
                    "up to `HistorySize` pairs s and y, and seven more vectors of the length of all parameters. It is not saved.",
                    ("η", nameof(Lbfgs<float>.LearningRate)), ("", nameof(Lbfgs<float>.HistorySize)),
                    ("", nameof(Lbfgs<float>.MaxIterations)), ("", nameof(Lbfgs<float>.MaxEvaluations)),
                    ("", nameof(Lbfgs<float>.GradientTolerance)), ("", nameof(Lbfgs<float>.ChangeTolerance)),
                    ("", nameof(Lbfgs<float>.LineSearch)), ("", nameof(Lbfgs<float>.Maximize))),
            ];
        }
    }

    private static WrapperSheet Of<[DynamicallyAccessedMembers(PublicProperties)] TOptimizer>(
        string name, TOptimizer optimizer, string state, params (string Symbol, string Property)[] options) where TOptimizer : class
    {
        List<(string Symbol, PropertyInfo Property, object? Value)> read = [];
        foreach ((string symbol, string option) in options)
        {
            PropertyInfo property = typeof(TOptimizer).GetProperty(option)!;
            read.Add((symbol, property, property.GetValue(optimizer)));
        }
        return new WrapperSheet(name, typeof(TOptimizer).GetGenericTypeDefinition(), read, state);
    }
}
