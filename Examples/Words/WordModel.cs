using Engine;

namespace Examples.Words;

/// <summary>
/// Two vectors for each word, as a word and as a neighbor of words; their product says how likely the two stand together (Mikolov et al.,
/// Distributed representations of words and phrases and their compositionality, 2013).
/// </summary>
internal sealed class WordModel : Layer<float>
{
    private const int Features = 32;

    /// <summary>A model with small random vectors for the words, and zeros for the neighbors.</summary>
    public WordModel(int words, RandomKey key)
    {
        Words = AddModule("words", new SparseEmbedding<float>(
            words, Features, key, Initializers.Uniform(-0.5 / Features, 0.5 / Features)));
        Neighbors = AddModule("neighbors", new SparseEmbedding<float>(words, Features, key, Initializers.Constant(0)));
    }

    /// <summary>The vectors of words.</summary>
    public SparseEmbedding<float> Words { get; }

    /// <summary>The vectors of neighbors.</summary>
    public SparseEmbedding<float> Neighbors { get; }

    /// <summary>The scores of one word with several neighbors.</summary>
    /// <param name="x">[pairs, 1 + neighbors]: the number of a word, then those of the neighbors.</param>
    /// <returns>[pairs, neighbors].</returns>
    public override Tensor<float> Forward(Tensor<float> x)
    {
        Tensor<float> word = Words.Forward(x.Slice(.., ..1)), neighbors = Neighbors.Forward(x.Slice(.., 1..));
        return (word * neighbors).Sum(-1);
    }

    /// <summary>Updates the rows of both tables that have a gradient.</summary>
    public void StepRows(Optimizer<float> optimizer)
    {
        Words.StepRows(optimizer);
        Neighbors.StepRows(optimizer);
    }
}
