using System.Numerics;

namespace Engine;

/// <summary>One step of a whole group as an <see cref="IModelRule"/> sees it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ModelStep<T> : RuleStep where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TensorStep<T>[] _tensors;
    private readonly int _scalars;
    private long _number;
    private bool _hasBegunTensors;
    private WeightDecay _decay;
    private Hyperparameter _learningRate;

    internal ModelStep(IEnumerable<TensorStep<T>> tensors, string ruleName, int scalars) : base(ruleName)
    {
        _tensors = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        _scalars = scalars;
    }

    /// <inheritdoc/>
    public override long Number => _number;

    /// <summary>
    /// The parameters that have a gradient, in the order of their names, so that no sum depends on the order in which they were added. The
    /// first enumeration applies decay and clipping to each; later ones see the same gradient.
    /// </summary>
    public TensorEnumerator Tensors => new(this);

    /// <summary>A number that the rule keeps for the whole model.</summary>
    /// <param name="index">Its position in <see cref="IModelRule.Scalars"/>.</param>
    /// <param name="initial">Its value before the first step.</param>
    /// <exception cref="ArgumentException">The rule declares no such number.</exception>
    public double LoadScalar(int index, double initial)
    {
        RuleDeclaration.CheckScalar(RuleName, nameof(LoadScalar), index, _scalars);
        foreach (TensorStep<T> tensor in _tensors)
        {
            if (tensor.Entry.Updates > 0)
            {
                return tensor.Entry.Scalars[index];
            }
        }
        return initial;
    }

    /// <summary>Keeps a number for the next step.</summary>
    /// <param name="index">Its position in <see cref="IModelRule.Scalars"/>.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="ArgumentException">The rule declares no such number.</exception>
    public void StoreScalar(int index, double value)
    {
        RuleDeclaration.CheckScalar(RuleName, nameof(StoreScalar), index, _scalars);
        foreach (TensorStep<T> tensor in _tensors)
        {
            if (tensor.Entry.HasState)
            {
                tensor.Entry.Scalars[index] = value; // beside each parameter's state, so that it is saved and loaded with it
            }
        }
    }

    private protected override double Check(HyperparameterRange range, Hyperparameter value, string symbol, string name) =>
        range.Check<T>(RuleName, value, Number, symbol, name);

    internal void Begin(WeightDecay decay, Hyperparameter learningRate)
    {
        long updates = 0;
        foreach (TensorStep<T> tensor in _tensors)
        {
            updates = Math.Max(updates, tensor.Entry.Updates);
        }
        _number = updates + 1;
        _decay = decay;
        _learningRate = learningRate;
        _hasBegunTensors = false;
    }

    /// <summary>Enumerates the parameters that have a gradient.</summary>
    public ref struct TensorEnumerator
    {
        private readonly ModelStep<T> _step;
        private int _index;

        internal TensorEnumerator(ModelStep<T> step)
        {
            _step = step;
            _index = -1;
        }

        /// <summary>The enumerator itself, for <c>foreach</c>.</summary>
        public readonly TensorEnumerator GetEnumerator() => this;

        /// <summary>The current parameter.</summary>
        public readonly TensorStep<T> Current => _step._tensors[_index];

        /// <summary>Advances to the next parameter.</summary>
        public bool MoveNext()
        {
            while (++_index < _step._tensors.Length)
            {
                if (Current.IsUpdated)
                {
                    if (_step._hasBegunTensors)
                    {
                        Current.ResetScratch();
                    }
                    else
                    {
                        Current.Begin(Current.Entry.Scale, _step._decay, _step._learningRate);
                    }
                    return true;
                }
            }
            _step._hasBegunTensors = true;
            return false;
        }
    }
}
