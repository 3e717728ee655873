using Engine;

namespace Examples.Digits;

/// <summary>
/// An optimizer in the comparison, with a learning rate from 1, 2, 5 · 10ⁿ at which it learns quickly and its curve is still smooth.
/// </summary>
/// <param name="Key">Its name on the command line.</param>
/// <param name="Name">Its name in tables and charts.</param>
/// <param name="Mark">The letter that draws it in a terminal.</param>
/// <param name="Style">Its look in pictures: a position in the theme's styles.</param>
/// <param name="For">Creates the optimizer for a model's parameters.</param>
internal sealed record Contender(string Key, string Name, char Mark, int Style,
    Func<IEnumerable<Parameter<float>>, Optimizer<float>> For)
{
    /// <summary>All contenders, in the order of their invention.</summary>
    public static IReadOnlyList<Contender> All { get; } =
    [
        new("sgd", "SGD", 's', 0, parameters => Optimizer.For(new Sgd { LearningRate = 0.2 }, parameters)),
        new("momentum", "SGD + momentum", 'm', 1,
            parameters => Optimizer.For(new Momentum { LearningRate = 0.1, Coefficient = 0.9 }, parameters)),
        new("adam", "Adam", 'a', 2, parameters => Optimizer.For(new Adam { LearningRate = 5e-3 }, parameters)),
        new("adamw", "AdamW", 'w', 3, parameters => Optimizer.For(new AdamW { LearningRate = 5e-3 }, parameters)),
    ];
}
