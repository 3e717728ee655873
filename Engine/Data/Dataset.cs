using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Examples to learn from; immutable. Each has inputs, and what a model should answer: a label, which is the number of its class, or
/// targets, which are numbers, or neither.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Dataset<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[]? _labels;
    private readonly Tensor<T> _targets;

    /// <summary>Examples without answers, such as those of an autoencoder.</summary>
    /// <param name="inputs">[n, …], at least one example; copied if the elements may change, as those of a recording.</param>
    /// <exception cref="ArgumentException">There is no first axis, or there are no examples.</exception>
    public Dataset(in Tensor<T> inputs) : this(inputs, null, default, 0, [])
    {
    }

    /// <summary>Examples with the numbers of their classes, as <c>CrossEntropy</c> takes them.</summary>
    /// <param name="inputs">[n, …], at least one example; copied if the elements may change, as those of a recording.</param>
    /// <param name="labels">The class of each example, from 0 on; copied.</param>
    /// <param name="classNames">The name of each class, or null for as many classes as the largest label needs, without names.</param>
    /// <exception cref="ArgumentException">
    /// There is no first axis, there are no examples, there are not as many labels as examples, or a name is repeated.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is negative, or not below the number of names.</exception>
    public Dataset(in Tensor<T> inputs, ReadOnlySpan<int> labels, IReadOnlyList<string>? classNames = null)
        : this(inputs, labels.ToArray(), default, classNames?.Count ?? 0, classNames is null ? [] : [.. classNames])
    {
        if (labels.Length != Count)
        {
            throw new ArgumentException(
                $"Dataset: got {labels.Length} labels for inputs of shape {inputs.Shape}, expected {Count}.", nameof(labels));
        }
        HashSet<string> seen = new(StringComparer.Ordinal);
        if (ClassNames.FirstOrDefault(name => !seen.Add(name)) is { } repeated)
        {
            throw new ArgumentException($"Dataset: got the class name '{repeated}' twice, expected each once.", nameof(classNames));
        }
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || classNames is not null && labels[i] >= ClassNames.Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(labels),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Dataset: got the label {labels[i]} of example {i}, expected a number from 0 ")
                        + (classNames is null ? "on." : $"to {ClassNames.Count - 1}."));
            }
            ClassCount = Math.Max(ClassCount, (int)Math.Min((long)labels[i] + 1, int.MaxValue));
        }
    }

    /// <summary>Examples with numbers to predict.</summary>
    /// <param name="inputs">[n, …], at least one example; copied if the elements may change, as those of a recording.</param>
    /// <param name="targets">[n, …]: for a model whose output is [n, 1], targets of [n, 1]; copied like the inputs.</param>
    /// <exception cref="ArgumentException">
    /// There is no first axis, there are no examples, or there are not as many targets as inputs.
    /// </exception>
    public Dataset(in Tensor<T> inputs, in Tensor<T> targets) : this(inputs, null, targets.Immutable(), 0, [])
    {
        if (targets.Shape.Rank == 0 || targets.Shape[0] != Count)
        {
            throw new ArgumentException(
                $"Dataset: got targets of shape {targets.Shape} for inputs of shape {inputs.Shape}, expected [{Count}, …].",
                nameof(targets));
        }
    }

    private Dataset(in Tensor<T> inputs, int[]? labels, in Tensor<T> targets, int classCount, string[] classNames)
    {
        ElementType.Check<T>();
        if (inputs.Shape.Rank == 0 || inputs.Length == 0)
        {
            throw new ArgumentException(
                $"Dataset: got inputs of shape {inputs.Shape}, expected [n, …] with at least one example.", nameof(inputs));
        }
        Inputs = inputs.Immutable();
        _labels = labels;
        _targets = targets;
        ClassCount = classCount;
        ClassNames = classNames;
    }

    /// <summary>The number of examples.</summary>
    public int Count => Inputs.Shape[0];

    /// <summary>What a model reads: [<see cref="Count"/>, …].</summary>
    public Tensor<T> Inputs { get; }

    /// <summary>Whether the examples have labels.</summary>
    public bool HasLabels => _labels is not null;

    /// <summary>Whether the examples have targets.</summary>
    public bool HasTargets => !_targets.IsDefault;

    /// <summary>The class of each example, from 0 to <see cref="ClassCount"/> − 1.</summary>
    /// <exception cref="InvalidOperationException">There are no labels.</exception>
    public ReadOnlySpan<int> Labels => _labels ?? throw new InvalidOperationException(
        $"Dataset.Labels: got a data set with {Answers}, expected one that was made with labels.");

    /// <summary>The numbers to predict: [<see cref="Count"/>, …].</summary>
    /// <exception cref="InvalidOperationException">There are no targets.</exception>
    public Tensor<T> Targets => HasTargets ? _targets : throw new InvalidOperationException(
        $"Dataset.Targets: got a data set with {Answers}, expected one that was made with targets.");

    /// <summary>The number of classes, of which some may be without examples; 0 if there are no labels.</summary>
    public int ClassCount { get; }

    /// <summary>The names of the classes, if they were given.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The names of the features, one for each index of axis 1 of the inputs, or none.</summary>
    /// <exception cref="ArgumentException">The number of names is neither 0 nor that of the features.</exception>
    public IReadOnlyList<string> FeatureNames
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            int features = Inputs.Shape.Rank > 1 ? Inputs.Shape[1] : 0;
            if (value.Count != 0 && value.Count != features)
            {
                throw new ArgumentException(
                    $"Dataset.FeatureNames: got {value.Count} names for inputs of shape {Inputs.Shape}, expected {features}.",
                    nameof(value));
            }
            field = [.. value];
        }
    } = [];

    /// <summary>Selects examples, in the given order; an example may be selected more than once.</summary>
    /// <param name="examples">Indices from 0 to <see cref="Count"/> − 1, at least one.</param>
    /// <returns>A data set with copies of them, and the same classes.</returns>
    /// <exception cref="ArgumentException">There are no indices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside its range.</exception>
    public Dataset<T> Subset(ReadOnlySpan<int> examples)
    {
        if (examples.IsEmpty)
        {
            throw new ArgumentException("Dataset.Subset: got no indices, expected at least one.", nameof(examples));
        }
        for (int i = 0; i < examples.Length; i++)
        {
            if ((uint)examples[i] >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(examples),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Dataset.Subset: got the index {examples[i]} at place {i}, expected 0 to {Count - 1}."));
            }
        }
        int[]? labels = HasLabels ? new int[examples.Length] : null;
        for (int i = 0; labels is not null && i < labels.Length; i++)
        {
            labels[i] = Labels[examples[i]];
        }
        return Like(Rows(Inputs, examples), labels, HasTargets ? Rows(Targets, examples) : default);
    }

    /// <summary>The same examples with other inputs, such as standardized ones.</summary>
    /// <param name="inputs">[<see cref="Count"/>, …]; copied if the elements may change, as those of a recording.</param>
    /// <returns>A data set with the same answers; the names of the features are kept if there are as many features as before.</returns>
    /// <exception cref="ArgumentException">There are not as many inputs as examples.</exception>
    public Dataset<T> WithInputs(in Tensor<T> inputs) => inputs.Shape.Rank > 0 && inputs.Shape[0] == Count
        ? Like(inputs, _labels, _targets)
        : throw new ArgumentException(
            $"Dataset.WithInputs: got the shape {inputs.Shape}, expected [{Count}, …].", nameof(inputs));

    /// <summary>
    /// Deals the examples out in batches, epoch after epoch. With a key, epoch e has the order <c>key.Fold(e).Permutation(Count)</c>:
    /// the same on every run, machine and after every resumption.
    /// </summary>
    /// <param name="size">The number of examples in a batch, at least 1.</param>
    /// <param name="key">The key of the order, or null for the order of the data set in every epoch.</param>
    /// <param name="last">What becomes of a last batch that is smaller.</param>
    /// <param name="prefetch">
    /// How many batches a thread of its own prepares in advance, while the previous ones are used; 0 for none. The batches are the same.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The size is below 1, the enumeration has no such member, or the number of batches to prepare is not 0 to 1,024.
    /// </exception>
    /// <exception cref="ArgumentException">There is no batch: the size is above the number of examples, and they are dropped.</exception>
    public Batches<T> Batches(int size, RandomKey? key = null, LastBatch last = LastBatch.Keep, int prefetch = 0) =>
        new(this, size, key, last, prefetch);

    /// <summary>The number of examples, the shape of one, and what a model should answer.</summary>
    public override string ToString() =>
        $"{Count} examples of {Shape.Format(Inputs.Shape.Extents[1..])} with {Answers}";

    /// <summary>The name of a class, in quotes, or its number.</summary>
    internal string NameOf(int label) =>
        label < ClassNames.Count ? $"'{ClassNames[label]}'" : label.ToString(CultureInfo.InvariantCulture);

    private string Answers => HasLabels ? $"labels of {ClassCount} classes"
        : HasTargets ? $"targets of {Shape.Format(Targets.Shape.Extents[1..])}"
        : "no labels or targets";

    /// <summary>Copies rows, one after the other, into memory for them.</summary>
    internal static void CopyRows(ReadOnlySpan<T> source, int width, ReadOnlySpan<int> rows, Span<T> destination)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            source.Slice(rows[i] * width, width).CopyTo(destination.Slice(i * width, width));
        }
    }

    private static Tensor<T> Rows(in Tensor<T> tensor, ReadOnlySpan<int> rows)
    {
        Tensor<T> selected = Tensor<T>.Uninitialized(tensor.ShapeOfRows(rows.Length));
        CopyRows(tensor.Span, tensor.Length / tensor.Shape[0], rows, selected.Output);
        return selected;
    }

    private Dataset<T> Like(in Tensor<T> inputs, int[]? labels, in Tensor<T> targets) =>
        new(inputs, labels, targets, ClassCount, (string[])ClassNames)
        {
            FeatureNames = inputs.Shape.Rank > 1 && inputs.Shape[1] == FeatureNames.Count ? FeatureNames : [],
        };
}
