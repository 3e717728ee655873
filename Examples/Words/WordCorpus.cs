namespace Examples.Words;

/// <summary>A text as words, and the pairs of words that stand near each other in it.</summary>
internal sealed class WordCorpus
{
    private const int Window = 3, Block = 100, HeldOutEach = 10;
    private const double NoisePower = 0.75;

    private readonly double[] _noise;

    /// <summary>Splits a text into lower-case words. Those that are rarer than the least count are left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="leastCount">The least number of times that a word of the vocabulary is in the text.</param>
    public WordCorpus(string text, int leastCount)
    {
        string[] all = [.. Split(text)];
        KeyValuePair<string, int>[] counted =
        [
            .. all.CountBy(word => word).Where(pair => pair.Value >= leastCount)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal),
        ];
        Vocabulary = [.. counted.Select(pair => pair.Key)];
        Counts = [.. counted.Select(pair => pair.Value)];
        Dictionary<string, int> numbers = Vocabulary.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        int[] words = [.. all.Where(numbers.ContainsKey).Select(word => numbers[word])];
        Length = words.Length;
        (TrainPairs, TestPairs) = (Pairs(words, heldOut: false), Pairs(words, heldOut: true));

        // drawn as often as in word2vec: by the frequency to the power of 3/4
        _noise = new double[Vocabulary.Count];
        double sum = 0;
        for (int i = 0; i < _noise.Length; i++)
        {
            _noise[i] = sum += Math.Pow(Counts[i], NoisePower);
        }
    }

    /// <summary>The words, the most frequent first.</summary>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <summary>How often each is in the text.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>The words of the text that are in the vocabulary, repetitions included.</summary>
    public int Length { get; }

    /// <summary>The pairs to train on: a word, and one at most three words from it.</summary>
    public IReadOnlyList<(int Word, int Neighbor)> TrainPairs { get; }

    /// <summary>The pairs held out: of each tenth block of 100 words.</summary>
    public IReadOnlyList<(int Word, int Neighbor)> TestPairs { get; }

    /// <summary>The word that a number from 0 to 1 draws.</summary>
    public int Draw(double number)
    {
        int found = Array.BinarySearch(_noise, number * _noise[^1]);
        return Math.Min(found < 0 ? ~found : found + 1, _noise.Length - 1);
    }

    private static List<(int Word, int Neighbor)> Pairs(int[] words, bool heldOut)
    {
        List<(int, int)> pairs = [];
        for (int start = 0; start < words.Length; start += Block)
        {
            if (start / Block % HeldOutEach == HeldOutEach - 1 != heldOut)
            {
                continue;
            }
            int end = Math.Min(words.Length, start + Block);
            for (int i = start; i < end; i++)
            {
                for (int j = Math.Max(start, i - Window); j < Math.Min(end, i + Window + 1); j++)
                {
                    if (j != i)
                    {
                        pairs.Add((words[i], words[j]));
                    }
                }
            }
        }
        return pairs;
    }

    private static IEnumerable<string> Split(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isLetter = i < text.Length && char.IsLetter(text[i]);
            if (isLetter && start < 0)
            {
                start = i;
            }
            else if (!isLetter && start >= 0)
            {
                yield return text[start..i].ToLowerInvariant();
                start = -1;
            }
        }
    }
}
