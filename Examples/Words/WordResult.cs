using Engine;

namespace Examples.Words;

/// <summary>Word vectors after their training with one optimizer.</summary>
/// <param name="Rule">The optimizer.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="Losses">The mean training loss of each epoch.</param>
/// <param name="Accuracies">How often a neighbor held out beats a drawn word, before the first and after each epoch.</param>
/// <param name="RareAccuracy">The same at the end for the rarer half of the vocabulary alone.</param>
/// <param name="RowsPerUpdate">The rows of both tables that an update changed, in the mean.</param>
/// <param name="Vectors">The vectors of the words, [words, features].</param>
internal sealed record WordResult(
    WordRule Rule, double LearningRate, IReadOnlyList<double> Losses, IReadOnlyList<double> Accuracies, double RareAccuracy,
    double RowsPerUpdate, Tensor<float> Vectors)
{
    /// <summary>The cosine of the angle between the vectors of two words.</summary>
    public double Similarity(int a, int b)
    {
        int features = Vectors.Shape[1];
        ReadOnlySpan<float> x = Vectors.Span.Slice(a * features, features), y = Vectors.Span.Slice(b * features, features);
        double product = 0, xx = 0, yy = 0;
        for (int i = 0; i < features; i++)
        {
            product += (double)x[i] * y[i];
            xx += (double)x[i] * x[i];
            yy += (double)y[i] * y[i];
        }
        return product / Math.Sqrt(xx * yy);
    }

    /// <summary>The words whose vectors point most in the direction of a word's.</summary>
    public IReadOnlyList<int> Nearest(int word, int count) =>
        [.. Enumerable.Range(0, Vectors.Shape[0]).Where(other => other != word)
            .OrderByDescending(other => Similarity(word, other)).Take(count)];
}
