using Engine;

namespace Examples.Counterexample;

/// <summary>
/// The counterexample of Reddi, Kale &amp; Kumar, On the Convergence of Adam and Beyond, 2018: on −1 ≤ x ≤ 1 the loss is 1010x in every
/// 101st step and −10x in the others, so that its mean over 101 steps is 10x/101 and x = −1 is best.
/// </summary>
internal static class CounterexampleStudy
{
    /// <summary>The learning rate, and the decay rate of the mean of squared gradients, which remembers about a period.</summary>
    public const double LearningRate = 0.01, Beta2 = 0.99;

    /// <summary>The starting points, and the number of positions kept from each.</summary>
    public const int Starts = 5, Kept = 200;

    /// <summary>The steps in a period.</summary>
    public const int Period = 101;

    private const double Rare = 1010, Usual = -10;

    /// <summary>Runs Adam and AMSGrad.</summary>
    /// <param name="seed">The seed of the starting points.</param>
    /// <param name="periods">The number of periods.</param>
    public static IReadOnlyList<CounterexampleRun> Run(long seed, int periods)
    {
        Tensor<double> start = Tensor<double>.RandomUniform([Starts], RandomKey.FromSeed(seed).Fold("start"), -1, 1);
        return
        [
            Descend("Adam", new Adam { LearningRate = LearningRate, Beta2 = Beta2 }, start, periods),
            Descend("AMSGrad", new AmsGrad { LearningRate = LearningRate, Beta2 = Beta2 }, start, periods),
        ];
    }

    private static CounterexampleRun Descend<TRule>(string name, TRule rule, Tensor<double> start, int periods) where TRule : struct, IRule
    {
        // an element for each starting point; the rules treat elements alone
        Parameter<double> x = new("x", start);
        Optimizer<double> optimizer = Optimizer.For(rule, [x]);
        Tensor<double> rare = Tensor<double>.Full([Starts], Rare), usual = Tensor<double>.Full([Starts], Usual);
        List<double>[] paths = [.. start.ToArray().Select(first => new List<double> { first })];
        for (int period = 1; period <= periods; period++)
        {
            for (int step = 0; step < Period; step++)
            {
                x.SetGradient(step == 0 ? rare : usual);
                optimizer.Step();
                Constraint.MaxNorm(x, 1); // of a vector, element by element: −1 ≤ x ≤ 1
            }
            // Kept of the periods, at equal distances
            if ((long)period * Kept / periods > (long)(period - 1) * Kept / periods)
            {
                for (int i = 0; i < Starts; i++)
                {
                    paths[i].Add(x.Value[i]);
                }
            }
        }
        return new CounterexampleRun(name, paths);
    }
}
