using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Attention with several heads: each head projects queries, keys and values, and computes softmax(Q·Kᵀ/√d)·V with d = features/heads;
/// the heads are concatenated and projected once more (Vaswani et al.: Attention is all you need, 2017). Parameters have PyTorch's names
/// and layout: <c>in_proj_weight</c> of [3·features, features], <c>in_proj_bias</c>, <c>out_proj.weight</c> and <c>out_proj.bias</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MultiHeadAttention<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer with Xavier's uniform weights and biases of 0, as in PyTorch.</summary>
    /// <param name="features">The last extent of queries, keys, values and output, at least 1.</param>
    /// <param name="heads">The number of heads, which divides the features.</param>
    /// <param name="key">The key of the initial values.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the heads do not divide the features.</exception>
    public MultiHeadAttention(int features, int heads, RandomKey key, bool bias = true)
    {
        if (features < 1 || heads < 1 || features % heads != 0)
        {
            throw new ArgumentOutOfRangeException(
                features < 1 ? nameof(features) : nameof(heads),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"MultiHeadAttention: got {features} features and {heads} heads, expected at least 1 of each, and heads that "
                        + $"divide the features evenly."));
        }
        Features = features;
        Heads = heads;
        InputWeight = AddParameter(
            "in_proj_weight", Initializers.XavierUniform().Create<T>([3 * features, features], key.Fold("in_proj_weight")));
        InputBias = bias ? AddParameter("in_proj_bias", Tensor<T>.Zeros([3 * features])) : null;
        Output = AddModule(
            "out_proj", new Linear<T>(features, features, key.Fold("out_proj"), bias, biasInitializer: Initializers.Constant(0)));
    }

    /// <summary>The last extent of queries, keys, values and output.</summary>
    public int Features { get; }

    /// <summary>The number of heads.</summary>
    public int Heads { get; }

    /// <summary>The weights that project queries, keys and values, stacked.</summary>
    public Parameter<T> InputWeight { get; }

    /// <summary>The biases of the same projections, if there are any.</summary>
    public Parameter<T>? InputBias { get; }

    /// <summary>The projection of the concatenated heads.</summary>
    internal Linear<T> Output { get; }

    /// <summary>
    /// Whether a token attends only to itself and those before it: query i to the keys 0 to i, also where keys and queries are different
    /// tokens.
    /// </summary>
    public bool Causal { get; init; }

    /// <summary>The layer, its extents, its heads, and non-default settings.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"MultiHeadAttention({Features}, {Heads} heads")
        + LayerText.Setting("causal", Causal) + LayerText.Setting("no bias", InputBias is null) + ")";

    /// <summary>Self-attention: queries, keys and values are the same tokens.</summary>
    /// <param name="x">[batch, tokens, features].</param>
    /// <exception cref="ArgumentException">x has another shape.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => Forward(x, []);

    /// <summary>Self-attention in which some tokens are padding: no token attends to them.</summary>
    /// <param name="x">[batch, tokens, features].</param>
    /// <param name="padding">For each token of [batch, tokens] whether it is padding; empty for none.</param>
    /// <returns>[batch, tokens, features]; NaN where a token may attend to none.</returns>
    /// <exception cref="ArgumentException">x has another shape, or there are not as many flags as tokens.</exception>
    public Tensor<T> Forward(Tensor<T> x, ReadOnlySpan<bool> padding)
    {
        Check(x, "tokens");
        CheckPadding(padding, x.Shape);
        int batch = x.Shape[0], tokens = x.Shape[1], width = Features / Heads;
        // one product for all three, then [3, batch, heads, tokens, width]
        Tensor<T> projected = Project(x, InputWeight.Value, InputBias is null ? default : InputBias.Value)
            .Reshape(batch, tokens, 3, Heads, width).Permute(2, 0, 3, 1, 4);
        return Attend(projected.Select(0, 0), projected.Select(0, 1), projected.Select(0, 2), PaddingMask(padding, batch, tokens));
    }

    /// <summary>Attention of some tokens to others.</summary>
    /// <param name="query">[batch, queries, features].</param>
    /// <param name="key">[batch, keys, features].</param>
    /// <param name="value">[batch, keys, features].</param>
    /// <param name="padding">For each key of [batch, keys] whether it is padding; empty for none.</param>
    /// <returns>[batch, queries, features]; NaN where a query may attend to no key.</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or there are not as many flags as keys.</exception>
    public Tensor<T> Forward(Tensor<T> query, Tensor<T> key, Tensor<T> value, ReadOnlySpan<bool> padding = default)
    {
        Check(query, "queries");
        Check(key, "keys");
        if (key.Shape != value.Shape || key.Shape[0] != query.Shape[0])
        {
            throw new ArgumentException(
                $"MultiHeadAttention: got queries of shape {query.Shape}, keys of shape {key.Shape} and values of shape {value.Shape}, "
                    + "expected one batch, and a value for each key.", nameof(value));
        }
        CheckPadding(padding, key.Shape);
        Tensor<T> mask = PaddingMask(padding, key.Shape[0], key.Shape[1]);
        return Attend(ProjectPart(query, 0), ProjectPart(key, 1), ProjectPart(value, 2), mask);
    }

    /// <summary>softmax(Q·Kᵀ/√d + masks)·V for each head, concatenated and projected.</summary>
    private Tensor<T> Attend(in Tensor<T> q, in Tensor<T> k, in Tensor<T> v, in Tensor<T> padding)
    {
        Tensor<T> scores = (q * (1 / Math.Sqrt(Features / Heads))).MatMul(k, transposeB: true);
        scores = Causal ? scores + CausalMask(q.Shape[2], k.Shape[2]) : scores;
        scores = padding.IsDefault ? scores : scores + padding;
        return Output.Forward(scores.Softmax().MatMul(v).Permute(0, 2, 1, 3).Reshape(q.Shape[0], q.Shape[2], Features));
    }

    /// <summary>One of the three projections, [batch, heads, tokens, width].</summary>
    private Tensor<T> ProjectPart(in Tensor<T> x, int part)
    {
        Range rows = (part * Features)..((part + 1) * Features);
        return Project(x, InputWeight.Value.Slice(rows), InputBias is null ? default : InputBias.Value.Slice(rows))
            .Reshape(x.Shape[0], x.Shape[1], Heads, Features / Heads).Permute(0, 2, 1, 3);
    }

    private static Tensor<T> Project(in Tensor<T> x, in Tensor<T> weight, in Tensor<T> bias) =>
        bias.IsDefault ? x.Linear(weight) : x.Linear(weight, bias);

    /// <summary>[queries, keys] with −∞ above the diagonal, else 0.</summary>
    internal static Tensor<T> CausalMask(int queries, int keys)
    {
        Tensor<T> mask = Tape<T>.Allocate([queries, keys], out Span<T> elements);
        for (int i = 0; i < queries; i++)
        {
            int seen = Math.Min(i + 1, keys);
            elements.Slice(i * keys, seen).Clear();
            elements[(i * keys + seen)..((i + 1) * keys)].Fill(T.NegativeInfinity);
        }
        return mask;
    }

    /// <summary>[batch, 1, 1, keys] with −∞ for padding, else 0; the default tensor if there is none.</summary>
    private static Tensor<T> PaddingMask(ReadOnlySpan<bool> padding, int batch, int keys)
    {
        if (padding.IsEmpty)
        {
            return default;
        }
        Tensor<T> mask = Tape<T>.Allocate([batch, 1, 1, keys], out Span<T> elements);
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = padding[i] ? T.NegativeInfinity : T.Zero;
        }
        return mask;
    }

    private void Check(in Tensor<T> x, string what)
    {
        if (x.Shape.Rank != 3 || x.Shape[2] != Features)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"MultiHeadAttention: got the shape {x.Shape}, expected [batch, {what}, {Features}]."), nameof(x));
        }
    }

    private static void CheckPadding(ReadOnlySpan<bool> padding, in Shape keys)
    {
        if (!padding.IsEmpty && padding.Length != keys[0] * keys[1])
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"MultiHeadAttention: got {padding.Length} padding flags for tokens of shape {keys}, expected {keys[0] * keys[1]}."),
                nameof(padding));
        }
    }
}
