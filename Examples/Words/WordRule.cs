using Engine;

namespace Examples.Words;

/// <summary>An optimizer in the comparison, with a learning rate from 1, 2, 5 · 10ⁿ with which it learns best.</summary>
/// <param name="Name">Its name in the table and the picture.</param>
/// <param name="Style">Its look in the picture.</param>
/// <param name="For">Creates the optimizer.</param>
internal sealed record WordRule(string Name, int Style, Func<IEnumerable<Parameter<float>>, Optimizer<float>> For)
{
    /// <summary>The optimizers; the first is the one whose vectors are shown.</summary>
    public static IReadOnlyList<WordRule> All { get; } =
    [
        new("Adagrad", 0, parameters => Optimizer.For(new Adagrad { LearningRate = 0.2 }, parameters)),
        new("RMSprop", 1, parameters => Optimizer.For(new RmsProp { LearningRate = 5e-3 }, parameters)),
        new("SGD", 2, parameters => Optimizer.For(new Sgd { LearningRate = 20 }, parameters)),
    ];
}
