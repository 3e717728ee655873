using System.Numerics;

namespace Engine.Tests;

/// <summary>Laws of attention.</summary>
internal sealed class AttentionTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(5);

    private static Tensor<double> Input(params int[] shape) =>
        Tensor<double>.From(Samples.Uniform<double>(new Shape(shape).Length, 3, -1, 1), new Shape(shape));

    /// <summary>A wrong scale, a softmax over the wrong axis, a product that is not transposed.</summary>
    [Test]
    public void One_head_is_the_formula()
    {
        MultiHeadAttention<double> layer = new(4, 1, s_key);
        Tensor<double> x = Input(2, 3, 4), w = layer.InputWeight.Value;
        Tensor<double> q = x.MatMul(w.Slice(..4), transposeB: true), k = x.MatMul(w.Slice(4..8), transposeB: true),
            v = x.MatMul(w.Slice(8..), transposeB: true);
        Tensor<double> expected = (q.MatMul(k, transposeB: true) / 2).Softmax().MatMul(v).Linear(
            layer.Parameters[2].Value, layer.Parameters[3].Value);
        Closeness.Check(layer.Forward(x), expected, "self-attention");
        Closeness.Check(layer.Forward(x, x, x), expected, "of queries, keys and values that are the same");
    }

    /// <summary>A mask that is shifted by one, or hides the past.</summary>
    [Test]
    public void A_causal_token_does_not_see_the_future()
    {
        MultiHeadAttention<double> layer = new(6, 2, s_key) { Causal = true };
        Tensor<double> x = Input(1, 4, 6), changed = x + Tensor<double>.From([0, 0, 1, 1], [1, 4, 1]);
        Tensor<double> y = layer.Forward(x), other = layer.Forward(changed);
        Closeness.Check(other.Slice(.., ..2), y.Slice(.., ..2), "tokens before the change");
        Assert.That(other.Select(1, 2).ToArray(), Is.Not.EqualTo(y.Select(1, 2).ToArray()).Within(1e-6));
        Closeness.Check(y.Slice(.., ..1), new MultiHeadAttention<double>(6, 2, s_key).Forward(x.Slice(.., ..1)),
            "the first sees itself alone");
        Closeness.Check(layer.Forward(x, x, x), y, "queries, keys and values that are the same");
        Closeness.Check(
            layer.Forward(x, x.Slice(.., ..2), x.Slice(.., ..2)).Slice(.., 1..2), y.Slice(.., 1..2), "fewer keys than queries");
    }

    /// <summary>Padding that is attended to, or flags of another example.</summary>
    [Test]
    public void Padding_is_not_attended_to()
    {
        MultiHeadAttention<double> layer = new(6, 2, s_key);
        Tensor<double> x = Input(2, 4, 6);
        Tensor<double> y = layer.Forward(x, [false, false, false, true, false, false, false, false]);
        Closeness.Check(y.Slice(..1, ..3), layer.Forward(x.Slice(..1, ..3)), "the first example without its last token");
        Closeness.Check(y.Slice(1..), layer.Forward(x.Slice(1..)), "the second example");
        Closeness.Check(
            layer.Forward(x, x, x, [false, false, false, true, false, false, false, false]), y, "of queries, keys and values");
    }

    [Test]
    public void Wrong_input_is_refused()
    {
        MultiHeadAttention<double> layer = new(6, 2, s_key);
        Assert.That(() => layer.Forward(Input(4, 6)), Throws.ArgumentException.With.Message.Contains("[batch, tokens, 6]"));
        Assert.That(() => layer.Forward(Input(2, 4, 6), [true]), Throws.ArgumentException.With.Message.Contains("expected 8"));
        Assert.That(
            () => layer.Forward(Input(2, 4, 6), Input(2, 3, 6), Input(2, 4, 6)),
                Throws.ArgumentException.With.Message.Contains("value for each key"));
        Assert.That(
            () => new MultiHeadAttention<double>(6, 4, s_key),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("4 heads"));
    }
}
