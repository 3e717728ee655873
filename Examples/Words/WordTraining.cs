using Engine;

namespace Examples.Words;

/// <summary>
/// Skip-gram with negative sampling: a pair of neighbors gets a high score, a word with drawn words a low one. A step changes the rows of
/// the words in its batch alone.
/// </summary>
internal static class WordTraining
{
    private const int Batch = 128, Drawn = 5, Rivals = 10;

    /// <summary>Trains with each optimizer: the same vectors at the start, the same batches, the same drawn words.</summary>
    public static IReadOnlyList<WordResult> Run(WordCorpus corpus, int epochs, long seed) =>
        [.. WordRule.All.Select(rule => Train(corpus, rule, epochs, RandomKey.FromSeed(seed)))];

    /// <summary>How often the more frequent of a neighbor held out and a drawn word is the neighbor: what needs no vectors.</summary>
    public static double FrequencyAccuracy(WordCorpus corpus, long seed) =>
        Accuracy(corpus, RandomKey.FromSeed(seed), onlyFrom: 0, (_, neighbor) => corpus.Counts[neighbor]);

    private static WordResult Train(WordCorpus corpus, WordRule rule, int epochs, RandomKey key)
    {
        WordModel model = new(corpus.Vocabulary.Count, key.Fold("vectors"));
        Optimizer<float> optimizer = rule.For(model.Parameters);
        Tape<float> tape = new();
        Tensor<float> targets = Targets();
        HashSet<int> rows = [];
        List<double> losses = [], accuracies = [Accuracy(corpus, model, key, onlyFrom: 0)];
        long updates = 0, changed = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            RandomKey own = key.Fold(epoch);
            int[] order = own.Fold("order").Permutation(corpus.TrainPairs.Count);
            double sum = 0;
            int batches = order.Length / Batch;
            for (int batch = 0; batch < batches; batch++)
            {
                Tensor<float> inputs = Inputs(corpus, order.AsSpan(batch * Batch, Batch), own.Fold("noise").Fold(batch));
                using (tape.Record())
                {
                    Tensor<float> loss = model.Forward(inputs).BinaryCrossEntropyWithLogits(targets);
                    tape.Backward(loss);
                    sum += loss.Item;
                }
                changed += Count(model.Words.Rows, rows) + Count(model.Neighbors.Rows, rows);
                updates++;
                model.StepRows(optimizer);
            }
            losses.Add(sum / batches);
            accuracies.Add(Accuracy(corpus, model, key, onlyFrom: 0));
        }
        return new(
            rule,
            optimizer.Groups[0].LastLearningRate,
            losses,
            accuracies,
            Accuracy(corpus, model, key, onlyFrom: corpus.Vocabulary.Count / 2),
            (double)changed / updates,
            model.Words.Weight.Value);
    }

    /// <summary>[pairs, 2 + drawn]: each word, its neighbor, and drawn words.</summary>
    private static Tensor<float> Inputs(WordCorpus corpus, ReadOnlySpan<int> pairs, RandomKey key)
    {
        const int width = 2 + Drawn;
        float[] inputs = new float[pairs.Length * width];
        for (int i = 0; i < pairs.Length; i++)
        {
            (inputs[i * width], inputs[i * width + 1]) = corpus.TrainPairs[pairs[i]];
            for (int j = 0; j < Drawn; j++)
            {
                inputs[i * width + 2 + j] = corpus.Draw(key.Uniform(i * Drawn + j));
            }
        }
        return Tensor<float>.From(inputs, [pairs.Length, width]);
    }

    /// <summary>[pairs, 1 + drawn]: 1 for the neighbor, 0 for drawn words.</summary>
    private static Tensor<float> Targets()
    {
        float[] targets = new float[Batch * (1 + Drawn)];
        for (int i = 0; i < Batch; i++)
        {
            targets[i * (1 + Drawn)] = 1;
        }
        return Tensor<float>.From(targets, [Batch, 1 + Drawn]);
    }

    private static int Count(ReadOnlySpan<int> rows, HashSet<int> seen)
    {
        seen.Clear();
        foreach (int row in rows)
        {
            seen.Add(row);
        }
        return seen.Count;
    }

    private static double Accuracy(WordCorpus corpus, WordModel model, RandomKey key, int onlyFrom)
    {
        Tensor<float> scores = model.Words.Weight.Value.MatMul(model.Neighbors.Weight.Value, transposeB: true);
        int words = corpus.Vocabulary.Count;
        return Accuracy(corpus, key, onlyFrom, (word, neighbor) => scores.Span[word * words + neighbor]);
    }

    /// <summary>
    /// The fraction of draws in which a neighbor held out has a higher score than a drawn word; a tie counts half. Only words from a
    /// position of the vocabulary on are asked.
    /// </summary>
    private static double Accuracy(WordCorpus corpus, RandomKey key, int onlyFrom, Func<int, int, double> score)
    {
        RandomKey rivals = key.Fold("rivals");
        double won = 0;
        long asked = 0;
        for (int i = 0; i < corpus.TestPairs.Count; i++)
        {
            (int word, int neighbor) = corpus.TestPairs[i];
            for (int j = 0; word >= onlyFrom && j < Rivals; j++)
            {
                double difference = score(word, neighbor) - score(word, corpus.Draw(rivals.Uniform((long)i * Rivals + j)));
                won += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
                asked++;
            }
        }
        return won / asked;
    }
}
