using System.Numerics;

namespace Engine.Tests;

/// <summary>Laws of recurrent layers.</summary>
internal sealed class RecurrentTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(5);

    private static Tensor<double> Input(params int[] shape) =>
        Tensor<double>.From(Samples.Uniform<double>(new Shape(shape).Length, 3, -1, 1), new Shape(shape));

    private static IEnumerable<TestCaseData> Layers()
    {
        yield return new(new Func<bool, Recurrent<double>>(static both => new Rnn<double>(4, 3, s_key, bidirectional: both)));
        yield return new(new Func<bool, Recurrent<double>>(static both => new Gru<double>(4, 3, s_key, bidirectional: both)));
        yield return new(new Func<bool, Recurrent<double>>(static both => new Lstm<double>(4, 3, s_key, bidirectional: both)));
    }

    private static RecurrentResult<double> Run(Recurrent<double> layer, Tensor<double> x, Tensor<double> hidden, Tensor<double> cell) =>
        layer switch
        {
            Rnn<double> rnn => rnn.Forward(x, hidden),
            Gru<double> gru => gru.Forward(x, hidden),
            Lstm<double> lstm => lstm.Forward(x, hidden, cell),
            _ => throw new ArgumentException("No such layer."),
        };

    /// <summary>A state that is not passed on, an initial state that is ignored.</summary>
    [TestCaseSource(nameof(Layers))]
    public void A_sequence_is_its_parts_with_the_state_passed_on(Func<bool, Recurrent<double>> create)
    {
        Recurrent<double> layer = create(false);
        Tensor<double> x = Input(2, 5, 4);
        RecurrentResult<double> whole = Run(layer, x, default, default), first = Run(layer, x.Slice(.., ..2), default, default),
            rest = Run(layer, x.Slice(.., 2..), first.Hidden, first.Cell);
        SameBits.Check<double>(Tensor<double>.Concat([first.Output, rest.Output], 1).Span, whole.Output.Span, "outputs");
        SameBits.Check<double>(rest.Hidden.Span, whole.Hidden.Span, "state");
        SameBits.Check<double>(whole.Output.Select(1, ^1).Span, whole.Hidden.Span, "the last output is the state");
    }

    /// <summary>A reverse direction that reads forwards, or whose outputs are at the wrong time.</summary>
    [TestCaseSource(nameof(Layers))]
    public void The_reverse_direction_is_the_forward_one_of_the_reversed_sequence(Func<bool, Recurrent<double>> create)
    {
        Recurrent<double> both = create(true), one = create(false);
        foreach (Parameter<double> parameter in one.Parameters)
        {
            parameter.SetValue(both.Parameters.Single(p => p.Name == parameter.Name + "_reverse").Value);
        }
        Tensor<double> x = Input(2, 5, 4);
        RecurrentResult<double> y = Run(both, x, default, default),
            reversed = Run(one, x.IndexSelect(1, [4, 3, 2, 1, 0]), default, default);
        SameBits.Check<double>(y.Output.Slice(.., .., 3..).Span, reversed.Output.IndexSelect(1, [4, 3, 2, 1, 0]).Span, "outputs");
        SameBits.Check<double>(y.Hidden.Select(0, 1).Span, reversed.Hidden.Span, "state");
    }

    /// <summary>A wrong gate, order or sign.</summary>
    [Test]
    public void An_lstm_of_one_step_is_its_formula()
    {
        Lstm<double> layer = new(4, 3, s_key);
        Tensor<double> x = Input(2, 1, 4), h = Input(1, 2, 3), c = Input(1, 2, 3) * 0.5;
        RecurrentResult<double> result = layer.Forward(x, h, c);
        Tensor<double> gates = x.Reshape(2, 4).Linear(layer.Parameters[0].Value, layer.Parameters[2].Value)
            + h.Reshape(2, 3).Linear(layer.Parameters[1].Value, layer.Parameters[3].Value);
        Tensor<double>[] parts = gates.Split(4, 1);
        Tensor<double> cell = parts[1].Sigmoid() * c.Reshape(2, 3) + parts[0].Sigmoid() * parts[2].Tanh();
        Closeness.Check(result.Cell.Reshape(2, 3), cell, "cell");
        Closeness.Check(result.Hidden.Reshape(2, 3), parts[3].Sigmoid() * cell.Tanh(), "hidden");
    }

    /// <summary>Catches: memory of a layer's own in which evaluations on several threads mix their states.</summary>
    [Test]
    public void Threads_may_evaluate_one_layer()
    {
        Sequential<double> model = new(
            new Embedding<double>(9, 4, RandomKey.FromSeed(1)),
            new Lstm<double>(4, 6, RandomKey.FromSeed(2), layers: 2, bidirectional: true))
        {
            Training = false,
        };
        double[][] alone = [.. Enumerable.Range(0, 8).Select(i => model.Forward(Words(i)).ToArray())];
        double[][] together = new double[8 * 50][];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            together[i] = model.Forward(Words(i % 8)).ToArray());
        for (int i = 0; i < together.Length; i++)
        {
            Assert.That(together[i], Is.EqualTo(alone[i % 8]), $"sequence {i % 8}");
        }

        static Tensor<double> Words(int i) => Tensor<double>.From(
            [.. Enumerable.Range(0, 5 + i).Select(t => (double)((t + i) % 9))], [1, 5 + i]);
    }

    [Test]
    public void Wrong_shapes_are_refused()
    {
        Lstm<double> layer = new(4, 3, s_key);
        Assert.That(() => layer.Forward(Input(2, 4)), Throws.ArgumentException.With.Message.Contains("Lstm: got the shape [2, 4]"));
        Assert.That(() => layer.Forward(Input(2, 0, 4)), Throws.ArgumentException.With.Message.Contains("at least one time step"));
        Assert.That(() => layer.Forward(Input(2, 5, 4), Input(2, 2, 3), default),
            Throws.ArgumentException.With.Message.Contains("[1, 2, 3]"));
        Assert.That(() => layer.Forward(Input(2, 5, 4), default, Input(1, 3, 3)),
            Throws.ArgumentException.With.Message.Contains("[1, 3, 3]"));
        Assert.That(() => new Gru<double>(0, 3, s_key), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(
            "Gru: got 0"));
    }
}
