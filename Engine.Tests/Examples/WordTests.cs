using Examples.Words;

namespace Engine.Tests.Examples;

/// <summary>The word vectors.</summary>
public sealed class WordTests
{
    /// <summary>Catches: words cut wrongly, pairs across the border of a block, pairs of a word with itself, a wrong window.</summary>
    [Test]
    public void A_text_becomes_words_and_pairs_of_neighbors()
    {
        WordCorpus corpus = new("One two, three; FOUR five one-two", 1);
        Assert.That(corpus.Vocabulary, Is.EqualTo(new[] { "one", "two", "five", "four", "three" }));
        Assert.That(corpus.Counts, Is.EqualTo(new[] { 2, 2, 1, 1, 1 }));
        Assert.That(corpus.TrainPairs.Take(3), Is.EqualTo(new[] { (0, 1), (0, 4), (0, 3) }), "three words away at most");
        Assert.That(corpus.TrainPairs, Has.Count.EqualTo(3 + 4 + 5 + 6 + 5 + 4 + 3));
        Assert.That(corpus.TestPairs, Is.Empty, "the tenth block of 100 words");
        Assert.That(new WordCorpus("one two one", 2).Vocabulary, Is.EqualTo(new[] { "one" }));
    }

    /// <summary>Catches: noise that is not drawn by the power of the frequency, and a number beyond the last word.</summary>
    [Test]
    public void Frequent_words_are_drawn_more_often()
    {
        WordCorpus corpus = new(string.Concat(Enumerable.Repeat("a ", 16)) + "b", 1);
        RandomKey key = RandomKey.FromSeed(3);
        double share = Enumerable.Range(0, 20_000).Count(i => corpus.Draw(key.Uniform(i)) == 0) / 20_000.0;
        Assert.That(share, Is.EqualTo(8.0 / 9).Within(0.01), "16 to the power of 3/4 is 8");
        Assert.That((corpus.Draw(0), corpus.Draw(1 - 1e-16)), Is.EqualTo((0, 1)));
    }

    /// <summary>
    /// Catches: gradients in the wrong rows, vectors that are not trained, a similarity that is none. In the text, the words of two groups
    /// stand among their own alone.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void Words_that_stand_together_are_found()
    {
        string[][] groups = [["red", "green", "blue", "black"], ["cat", "dog", "cow", "hen"]];
        RandomKey key = RandomKey.FromSeed(5);
        string text = string.Join(' ', Enumerable.Range(0, 8000).Select(i => groups[i / 100 % 2][(int)(4 * key.Uniform(i))]));
        WordCorpus corpus = new(text, 1);
        foreach (WordResult result in WordTraining.Run(corpus, epochs: 3, seed: 1))
        {
            string name = result.Rule.Name;
            // a rival is of the same group in half of the draws
            Assert.That(result.Accuracies[0], Is.EqualTo(0.5).Within(1e-12), name);
            Assert.That(result.Losses[^1], Is.LessThan(result.Losses[0]), name);
            Assert.That(result.RowsPerUpdate, Is.EqualTo(16).Within(0.1), name);
            if (name == "Adagrad")
            {
                Assert.That(result.Accuracies[^1], Is.GreaterThan(0.7), name);
                foreach (string[] group in groups)
                {
                    int word = corpus.Vocabulary.ToList().IndexOf(group[0]);
                    Assert.That(result.Nearest(word, 3).Select(other => corpus.Vocabulary[other]), Is.EquivalentTo(group[1..]), name);
                }
            }
        }
    }

    /// <summary>Catches: steps that change all rows, and vectors that know no more than the frequencies.</summary>
    [Test]
    [Category("Slow")]
    public void On_the_documentation_a_step_changes_some_rows_and_vectors_beat_frequencies()
    {
        WordCorpus corpus = new(global::Examples.Data.Documentation.Read(), leastCount: 10);
        IReadOnlyList<WordResult> results = WordTraining.Run(corpus, epochs: 1, seed: 1);
        double frequency = WordTraining.FrequencyAccuracy(corpus, seed: 1);
        Assert.That(results[0].Rule.Name, Is.EqualTo("Adagrad"));
        Assert.That(results[0].Accuracies[^1], Is.GreaterThan(frequency + 0.05).And.GreaterThan(0.65));
        Assert.That(results.Select(result => result.RowsPerUpdate), Is.All.LessThan(1.5 * corpus.Vocabulary.Count));
        Assert.That(results.Select(result => result.RowsPerUpdate).Distinct().Count(), Is.EqualTo(1), "the same batches");
    }
}
