namespace Engine.Tests.Optimizers;

/// <summary>Lookahead and L-BFGS that are saved and loaded go on bit for bit.</summary>
public sealed class WrapperStateTests
{
    private const int Steps = 12;

    /// <summary>Catches: a count or slow weights that are not saved, or a load that shares memory with the state.</summary>
    [Test]
    public void Lookahead_goes_on([Range(0, Steps - 1)] int stopAt)
    {
        Assert.That(Run(stopAt), Is.EqualTo(Run(Steps)));

        static double[] Run(int stopAt)
        {
            Parameter<double> x = new("x", Tensor<double>.From(3, -2));
            Lookahead<double> lookahead = new(Optimizer.For(new Adam { LearningRate = 0.1 }, [x]), syncPeriod: 3);
            for (int t = 0; t < Steps; t++)
            {
                if (t == stopAt)
                {
                    LookaheadState<double> state = lookahead.SaveState();
                    Optimizer<double> inner = Optimizer.For(new Adam { LearningRate = 0.1 }, [x]);
                    lookahead = new(inner, syncPeriod: 3);
                    lookahead.LoadState(state);
                }
                x.SetGradient(x.Value * Tensor<double>.From(1, 10));
                lookahead.Step();
            }
            return x.Value.ToArray();
        }
    }

    /// <summary>Catches: a pair, the last direction or step length that is lost.</summary>
    [Test]
    public void Lbfgs_goes_on([Values] LineSearch search, [Range(0, 6)] int stopAt)
    {
        Assert.That(Run(stopAt), Is.EqualTo(Run(100)));

        double[] Run(int stopAt)
        {
            Parameter<double> x = new("x", Tensor<double>.From(-1.2, 1)), y = new("y", Tensor<double>.From(2));
            Tape<double> tape = new();
            Lbfgs<double> lbfgs = Create();
            for (int t = 0; t < 7; t++)
            {
                if (t == stopAt)
                {
                    LbfgsState<double> state = lbfgs.SaveState();
                    lbfgs = Create();
                    lbfgs.LoadState(state);
                }
                lbfgs.Step(() =>
                {
                    using (tape.Record())
                    {
                        Tensor<double> a = x.Value.Slice(..1), b = x.Value.Slice(1..);
                        Tensor<double> loss = ((b - a.Square()).Square() + (1 - a).Square() + (y.Value - b).Square()).Sum();
                        tape.Backward(loss);
                        return loss.Item;
                    }
                });
            }
            return [.. x.Value.ToArray(), y.Value.Item, lbfgs.Iterations, lbfgs.Evaluations];

            Lbfgs<double> Create() => new([x, y], historySize: 3)
            {
                MaxIterations = 2, LearningRate = search == LineSearch.StrongWolfe ? 1 : 0.1, LineSearch = search,
            };
        }
    }

    [Test]
    public void A_state_that_does_not_fit_changes_nothing()
    {
        Parameter<double> x = new("x", Tensor<double>.From(1, 2));
        Lookahead<double> lookahead = new(Optimizer.For(new Sgd(), [x]), syncPeriod: 2);
        Lbfgs<double> lbfgs = new([x], historySize: 1);
        LookaheadState<double> saved = lookahead.SaveState();
        LbfgsState<double> own = lbfgs.SaveState();
        LbfgsPair<double> pair = new(Tensor<double>.From(1, 2), Tensor<double>.From(1, 2));
        Assert.Multiple(() =>
        {
            Assert.That(
                () => lookahead.LoadState(saved with { SlowStepSize = 0.9 }),
                Throws.ArgumentException.With.Message.Contains("α = 0.9, expected 2 and 0.5"));
            Assert.That(
                () => lookahead.LoadState(saved with { StepsSinceSync = 2 }),
                Throws.ArgumentException.With.Message.Contains("2 steps since the last update, expected 0 to 1"));
            Assert.That(
                () => lookahead.LoadState(saved with { SlowWeights = new Dictionary<string, Tensor<double>>() }),
                Throws.ArgumentException.With.Message.Contains("shape [2] for 'x'"));
            Assert.That(
                () => lookahead.LoadState(saved with
                {
                    SlowWeights = new Dictionary<string, Tensor<double>>(saved.SlowWeights) { ["y"] = Tensor<double>.From(1) },
                }),
                Throws.ArgumentException.With.Message.Contains("slow weights for 'y', which the optimizer does not have"));
            Assert.That(
                () => lbfgs.LoadState(own with { Direction = Tensor<double>.From(1) }),
                Throws.ArgumentException.With.Message.Contains("1 elements, expected 2"));
            Assert.That(
                () => lbfgs.LoadState(own with { Pairs = [pair, pair] }), Throws.ArgumentException.With.Message.Contains("2 pairs"));
            Assert.That(() => lbfgs.LoadState(own with { Iterations = -1 }), Throws.ArgumentException);
            Assert.That(lbfgs.Iterations, Is.Zero);
        });
    }

    /// <summary>Catches: a partial state that is refused because of a new parameter, or whose slow weights stay as they were.</summary>
    [Test]
    public void A_partial_state_starts_new_parameters_at_their_values()
    {
        Parameter<double> x = new("x", Tensor<double>.From(1, 2)), y = new("y", Tensor<double>.From(3));
        LookaheadState<double> saved = new Lookahead<double>(Optimizer.For(new Sgd(), [x])).SaveState();
        Lookahead<double> lookahead = new(Optimizer.For(new Sgd(), [x, y]));
        (x.Value.Output[0], y.Value.Output[0]) = (5, 7);
        lookahead.LoadState(saved, StateMatch.Partial);
        Assert.That(lookahead.SlowWeights(x).Span.ToArray(), Is.EqualTo(new[] { 1.0, 2 }));
        Assert.That(lookahead.SlowWeights(y).Span.ToArray(), Is.EqualTo(new[] { 7.0 }));
    }
}
