namespace Engine.Tests.Training;

/// <summary>Early stopping on sequences made by hand.</summary>
public sealed class EarlyStoppingTests
{
    private const double Nan = double.NaN, Infinity = double.PositiveInfinity;

    /// <summary>Each row: the numbers, the patience, the minimum change, the direction; after which it stops, and which was best.</summary>
    private static readonly object[][] Sequences =
    [
        [new[] { 3.0, 2, 1, 2, 3 }, 2, 0.0, Improvement.Decrease, 5, 3],
        [new[] { 3.0, 2, 1, 2, 3 }, 1, 0.0, Improvement.Decrease, 4, 3],
        [new[] { 3.0, 2, 1, 2, 3 }, 3, 0.0, Improvement.Decrease, 0, 3],
        [new[] { 1.0, 1, 1 }, 2, 0.0, Improvement.Decrease, 3, 1],        // an equal number is no improvement
        [new[] { 1.0, 0.95, 0.9, 0.85 }, 2, 0.1, Improvement.Decrease, 3, 1], // small steps do not add up while none passes the change …
        [new[] { 1.0, 0.95, 0.85, 0.84 }, 2, 0.1, Improvement.Decrease, 0, 3], // … but the distance from the best counts, not from the last
        [new[] { 0.5, 0.6, 0.6, 0.7 }, 2, 0.0, Improvement.Increase, 0, 4],
        [new[] { 0.5, 0.4, 0.3 }, 2, 0.0, Improvement.Increase, 3, 1],
        [new[] { Nan, Nan, 1, 2 }, 2, 0.0, Improvement.Decrease, 2, 0],   // NaN never is an improvement
        [new[] { Nan, 1, Nan, Nan }, 2, 0.0, Improvement.Decrease, 4, 2],
        [new[] { Infinity, 1, 2 }, 2, 0.0, Improvement.Decrease, 0, 2],
    ];

    /// <summary>Catches: a patience one too long or too short, a comparison with the last number, NaN taken for the best.</summary>
    [TestCaseSource(nameof(Sequences))]
    public void It_stops_where_it_should(
        double[] values, int patience, double minimumChange, Improvement improvement, int stopsAt, int bestAt)
    {
        EarlyStopping<double> stopping = new(new Linear<double>(1, 1, default), patience, minimumChange, improvement);
        int stopped = 0;
        for (int i = 0; i < values.Length && stopped == 0; i++)
        {
            stopped = stopping.ShouldStop(values[i]) ? i + 1 : 0;
        }
        Assert.That(stopped, Is.EqualTo(stopsAt));
        Assert.That(stopping.BestAt, Is.EqualTo(bestAt));
        Assert.That(stopping.Best, Is.EqualTo(bestAt == 0 ? Nan : values[bestAt - 1]));
    }

    /// <summary>Catches: buffers or counters that are left behind, and a best that follows the model.</summary>
    [Test]
    public void The_best_state_has_parameters_buffers_and_counters()
    {
        Sequential<float> model = new(new BatchNorm<float>(2), new Dropout<float>(0.5, default));
        EarlyStopping<float> stopping = new(model, 3);
        Assert.That(stopping.RestoreBest, Throws.InvalidOperationException.With.Message.Contains("no observation"));
        model.Forward(Tensor<float>.From([1, 2, 3, 5], [2, 2]));
        float[] best = State();
        stopping.ShouldStop(1);
        model.Forward(Tensor<float>.From([9, 8, 7, 5], [2, 2]));
        model.Parameters[0].SetValue(Tensor<float>.From(4, 4));
        stopping.ShouldStop(2);
        Assert.That(State(), Is.Not.EqualTo(best));
        stopping.RestoreBest();
        Assert.That(State(), Is.EqualTo(best));

        float[] State() => [.. model.Parameters.SelectMany(static p => p.Value.ToArray()),
            .. model.Buffers.SelectMany(static b => b.Value.ToArray()), .. model.Counters.Select(static c => (float)c.Value)];
    }

    /// <summary>Catches: a state that forgets the count, or shares memory with the original.</summary>
    [Test]
    public void A_loaded_state_goes_on()
    {
        Linear<double> model = new(1, 1, RandomKey.FromSeed(1)), other = new(1, 1, RandomKey.FromSeed(2));
        EarlyStopping<double> first = new(model, 2), second = new(other, 2);
        first.ShouldStop(1);
        double best = model.Parameters[0].Value[0, 0];
        first.ShouldStop(2);
        EarlyStoppingState<double> saved = first.SaveState();
        first.ShouldStop(0.5);
        second.LoadState(saved);
        Assert.That(second.Observed, Is.EqualTo(2));
        Assert.That(second.ShouldStop(1.5), Is.True);
        second.RestoreBest();
        Assert.That(other.Parameters[0].Value[0, 0], Is.EqualTo(best));
    }

    [Test]
    public void Bad_input_is_named_and_changes_nothing()
    {
        Linear<double> model = new(1, 1, default);
        EarlyStopping<double> stopping = new(model, 2);
        stopping.ShouldStop(1);
        EarlyStoppingState<double> saved = stopping.SaveState();
        Assert.Multiple(() =>
        {
            Assert.That(
                () => new EarlyStopping<double>(model, 0),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("patience = 0"));
            Assert.That(
                () => new EarlyStopping<double>(model, 1, -1),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("minimumChange = -1"));
            Assert.That(
                () => new EarlyStopping<double>(model, 1, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(
                () => stopping.LoadState(saved with { BestAt = 7 }), Throws.ArgumentException.With.Message.Contains("observation 7 of 1"));
            Assert.That(
                () => new EarlyStopping<double>(new Linear<double>(2, 1, default), 2).LoadState(saved),
                Throws.ArgumentException.With.Message.Contains("- weight: [1, 2] in the model, [1, 1] in the state"));
            Assert.That(
                () => stopping.LoadState(saved with { BestValues = new Dictionary<string, Tensor<double>>() }),
                Throws.ArgumentException.With.Message.Contains("- bias: in the model, not in the state"));
            Assert.That(stopping.BestAt, Is.EqualTo(1));
        });
    }
}
