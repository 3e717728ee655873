using Engine;
using Spectre.Console;

namespace Examples.Digits;

/// <summary>
/// An optimizer in the comparison, with a learning rate from 1, 2, 5 · 10ⁿ at which it learns quickly and its curve is still smooth.
/// </summary>
/// <param name="Key">Its name on the command line.</param>
/// <param name="Name">Its name in tables and charts.</param>
/// <param name="Mark">The letter that draws it in a terminal.</param>
/// <param name="Color">Its color, from Okabe and Ito's palette, which color-blind readers can tell apart.</param>
/// <param name="For">Creates the optimizer for a model's parameters.</param>
internal sealed record Contender(string Key, string Name, char Mark, Color Color,
    Func<IEnumerable<Parameter<float>>, Optimizer<float>> For)
{
    /// <summary>All contenders, in the order of their invention.</summary>
    public static IReadOnlyList<Contender> All { get; } =
    [
        new("sgd", "SGD", 's', new(0, 114, 178), parameters => Optimizer.For(new Sgd { LearningRate = 0.2 }, parameters)),
        new("momentum", "SGD + momentum", 'm', new(213, 94, 0),
            parameters => Optimizer.For(new Momentum { LearningRate = 0.1, Coefficient = 0.9 }, parameters)),
        new("adam", "Adam", 'a', new(0, 158, 115), parameters => Optimizer.For(new Adam { LearningRate = 5e-3 }, parameters)),
        new("adamw", "AdamW", 'w', new(204, 121, 167), parameters => Optimizer.For(new AdamW { LearningRate = 5e-3 }, parameters)),
    ];
}
