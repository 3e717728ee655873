using System.Globalization;

namespace Engine;

public sealed partial class Dataset<T>
{
    /// <summary>
    /// Splits at random: ⌈fraction·n⌉ examples are the test part, the others the training part, both in random order.
    /// </summary>
    /// <param name="testFraction">The fraction of the test part, between 0 and 1.</param>
    /// <param name="key">The key of the order: the same key gives the same parts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">
    /// A part would have no example, or none of a class that the data set has: then use <see cref="StratifiedSplit"/>.
    /// </exception>
    public DatasetSplit<T> Split(double testFraction, RandomKey key)
    {
        CheckFraction(testFraction, nameof(Split));
        int[] order = key.Permutation(Count);
        int tested = Partition.Share(testFraction, Count);
        int[] parts = new int[Count];
        parts.AsSpan(0, tested).Fill(1);
        string given = string.Create(CultureInfo.InvariantCulture, $"{Count} examples and the test fraction {testFraction}");
        CheckParts(parts, 2, nameof(Split), given, nameof(testFraction));
        CheckClasses(order, parts, 2, nameof(Split), given, inEach: true, nameof(testFraction));
        return PartAsTest(order, parts, 1);
    }

    /// <summary>
    /// Splits at random so that both parts have the same proportions of classes: ⌈fraction·n⌉ of the n examples of each class are in the
    /// test part, taken at even distances from the random order, and the others in the training part, both in that order.
    /// </summary>
    /// <param name="testFraction">The fraction of the test part, between 0 and 1.</param>
    /// <param name="key">The key of the order: the same key gives the same parts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">
    /// A part would have no example of a class, since the class has too few or the fraction is too small or too large.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are no labels.</exception>
    public DatasetSplit<T> StratifiedSplit(double testFraction, RandomKey key)
    {
        CheckFraction(testFraction, nameof(StratifiedSplit));
        ReadOnlySpan<int> labels = Labels;
        int[] order = key.Permutation(Count), parts = Partition.Stratified(order, labels, testFraction);
        string given = string.Create(CultureInfo.InvariantCulture, $"{Count} examples and the test fraction {testFraction}");
        CheckClasses(order, parts, 2, nameof(StratifiedSplit), given, inEach: true, nameof(testFraction));
        return PartAsTest(order, parts, 1);
    }

    /// <summary>
    /// Deals the examples, in random order, out to k parts whose sizes differ by at most 1, for cross-validation: each part is the test
    /// part once, while the others are the training part.
    /// </summary>
    /// <param name="folds">k, from 2 to the number of examples, which leaves out one at a time.</param>
    /// <param name="key">The key of the order: the same key gives the same parts.</param>
    /// <returns>The k splits, each made when it is reached.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// A training part would have no example of a class that the data set has: then use <see cref="StratifiedKFold"/>.
    /// </exception>
    public IEnumerable<DatasetSplit<T>> KFold(int folds, RandomKey key)
    {
        CheckFolds(folds, nameof(KFold));
        int[] order = key.Permutation(Count), parts = new int[Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = i % folds;
        }
        CheckClasses(order, parts, folds, nameof(KFold), $"{Count} examples and {folds} folds", inEach: false, nameof(folds));
        return Enumerable.Range(0, folds).Select(fold => PartAsTest(order, parts, fold));
    }

    /// <summary>
    /// As <see cref="KFold"/>, with the same proportions of classes in all parts: the numbers of examples of a class differ by at most 1,
    /// and so do the sizes.
    /// </summary>
    /// <param name="folds">k, from 2 to the number of examples of the rarest class.</param>
    /// <param name="key">The key of the order: the same key gives the same parts.</param>
    /// <returns>The k splits, each made when it is reached.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k is out of range.</exception>
    /// <exception cref="ArgumentException">A part would have no example of a class, since the class has fewer than k.</exception>
    /// <exception cref="InvalidOperationException">There are no labels.</exception>
    public IEnumerable<DatasetSplit<T>> StratifiedKFold(int folds, RandomKey key)
    {
        CheckFolds(folds, nameof(StratifiedKFold));
        int[] order = key.Permutation(Count), parts = Partition.StratifiedFolds(order, Labels, folds);
        CheckClasses(order, parts, folds, nameof(StratifiedKFold), $"{Count} examples and {folds} folds", inEach: true, nameof(folds));
        return Enumerable.Range(0, folds).Select(fold => PartAsTest(order, parts, fold));
    }

    private DatasetSplit<T> PartAsTest(int[] order, int[] parts, int test)
    {
        List<int> train = new(order.Length), tested = [];
        for (int i = 0; i < order.Length; i++)
        {
            (parts[i] == test ? tested : train).Add(order[i]);
        }
        return new(Subset(train.ToArray()), Subset(tested.ToArray()));
    }

    /// <summary>
    /// Throws if a class has no example in one of the parts (<paramref name="inEach"/>), or examples in one part alone, so that training
    /// on the others would not see it.
    /// </summary>
    private void CheckClasses(int[] order, int[] parts, int count, string operation, string given, bool inEach, string argument)
    {
        if (!HasLabels)
        {
            return;
        }
        ReadOnlySpan<int> labels = Labels;
        Dictionary<int, int[]> classes = [];
        for (int i = 0; i < order.Length; i++)
        {
            if (!classes.TryGetValue(labels[order[i]], out int[]? counts))
            {
                classes.Add(labels[order[i]], counts = new int[count]);
            }
            counts[parts[i]]++;
        }
        foreach ((int label, int[] counts) in classes.OrderBy(pair => pair.Key))
        {
            int present = counts.Count(examples => examples > 0);
            if (present < (inEach ? count : 2))
            {
                throw new ArgumentException(
                    $"{operation}: got {given}, which leaves class {NameOf(label)} with {counts.Sum()} examples out of "
                        + $"{(inEach ? $"{count - present} of {count} parts" : "a training part")}, expected an example of each class in "
                        + (inEach ? "each part." : "each training part."),
                    argument);
            }
        }
    }

    private static void CheckParts(int[] parts, int count, string operation, string given, string argument)
    {
        if (Enumerable.Range(0, count).Any(part => !parts.Contains(part)))
        {
            throw new ArgumentException(
                $"{operation}: got {given}, which leaves a part without examples, expected at least one in each.", argument);
        }
    }

    private static void CheckFraction(double testFraction, string operation)
    {
        if (!(testFraction > 0 && testFraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(testFraction),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: got testFraction = {testFraction}, expected a number between 0 and 1."));
        }
    }

    private void CheckFolds(int folds, string operation)
    {
        if (folds < 2 || folds > Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(folds),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: got folds = {folds} for {Count} examples, expected a number from 2 to {Count}."));
        }
    }
}
