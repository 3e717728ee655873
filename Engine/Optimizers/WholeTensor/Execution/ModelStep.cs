using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>One step of a whole group as an <see cref="IModelRule"/> sees it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ModelStep<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TensorStep<T>[] _tensors;
    private readonly string _ruleName;
    private double _factor, _clamp;
    private WeightDecay _decay;
    private Hyperparameter _learningRate;

    internal ModelStep(IEnumerable<TensorStep<T>> tensors, string ruleName)
    {
        _tensors = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        _ruleName = ruleName;
    }

    /// <summary>t: the number of this update, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>
    /// The parameters that have a gradient, in the order of their names, so that no sum depends on how they were handed over. Each is made ready when the walk
    /// comes to it; decay is applied in the first walk, and the gradient is that of the first walk in later ones too.
    /// </summary>
    public Walk Tensors => new(this);

    private bool Walked { get; set; }

    /// <summary>A number kept for the whole model.</summary>
    /// <param name="index">Its place in <see cref="IModelRule.ScalarNames"/>.</param>
    /// <param name="initial">Its value before the first step.</param>
    public double Recall(int index, double initial)
    {
        foreach (TensorStep<T> tensor in _tensors)
        {
            if (tensor.Member.Updates > 0)
            {
                return tensor.Member.Kept[index];
            }
        }
        return initial;
    }

    /// <summary>Keeps a number for the next step.</summary>
    public void Keep(int index, double value)
    {
        foreach (TensorStep<T> tensor in _tensors)
        {
            if (tensor.Member.IsPrepared)
            {
                tensor.Member.Kept[index] = value; // beside each parameter's state, so that it is saved and loaded with it
            }
        }
    }

    /// <summary>A hyper-parameter's value at this step.</summary>
    /// <param name="value">The rule's property.</param>
    /// <param name="symbol">Its letter in the paper.</param>
    /// <param name="least">The smallest value that makes sense.</param>
    /// <param name="below">The value that it must stay below.</param>
    /// <param name="name">The property's name, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range; thrown before the step changes anything.</exception>
    public double Hyper(Hyperparameter value, string symbol, double least = 0, double below = double.PositiveInfinity, [CallerArgumentExpression(nameof(value))] string name = "") =>
        HyperparameterRange.Checked(_ruleName, value, Number, symbol, least, below, name);

    internal void Begin(double factor, double clamp, WeightDecay decay, Hyperparameter learningRate)
    {
        long updates = 0;
        foreach (TensorStep<T> tensor in _tensors)
        {
            updates = Math.Max(updates, tensor.Member.Updates);
        }
        Number = updates + 1;
        _factor = factor;
        _clamp = clamp;
        _decay = decay;
        _learningRate = learningRate;
        Walked = false;
    }

    /// <summary>Walks over the parameters.</summary>
    public ref struct Walk
    {
        private readonly ModelStep<T> _step;
        private int _index;

        internal Walk(ModelStep<T> step)
        {
            _step = step;
            _index = -1;
        }

        /// <summary>For <c>foreach</c>.</summary>
        public readonly Walk GetEnumerator() => this;

        /// <summary>The parameter walked to.</summary>
        public readonly TensorStep<T> Current => _step._tensors[_index];

        /// <summary>Goes to the next parameter.</summary>
        public bool MoveNext()
        {
            while (++_index < _step._tensors.Length)
            {
                if (Current.Moves)
                {
                    if (_step.Walked)
                    {
                        Current.Forget();
                    }
                    else
                    {
                        Current.Begin(_step._factor, _step._clamp, _step._decay, _step._learningRate);
                    }
                    return true;
                }
            }
            _step.Walked = true;
            return false;
        }
    }
}
