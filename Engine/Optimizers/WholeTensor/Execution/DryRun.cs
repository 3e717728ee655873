using System.Numerics;

namespace Engine;

/// <summary>
/// A parameter of one element on which a rule runs before it runs on the real ones: whatever a hyperparameter outside its range throws, it
/// throws here, where nothing is lost.
/// </summary>
internal sealed class DryRun<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T> _parameter;

    public DryRun(string ruleName, int rank, Func<Shape, IReadOnlyList<StateArray>> states, int scalars)
    {
        Span<int> extents = stackalloc int[rank];
        extents.Fill(1);
        Shape shape = new(extents);
        _parameter = new Parameter<T>("dry run", Tensor<T>.Full(shape, T.One));
        _parameter.SetGradient(Tensor<T>.Full(shape, T.One));
        Entry = new ParameterEntry<T>(_parameter) { IsUpdated = true };
        Entry.SetState(Entry.InitialArrays(states(shape)), new double[scalars]);
        Step = new TensorStep<T>(Entry, ruleName, new Scratch<T>(), new Scratch<double>());
    }

    public ParameterEntry<T> Entry { get; }

    public TensorStep<T> Step { get; }

    /// <summary>The step after <paramref name="updates"/> others, with value and gradient 1.</summary>
    public TensorStep<T> Begin(long updates, WeightDecay decay, Hyperparameter learningRate)
    {
        Entry.Updates = updates;
        _parameter.Value.Output.Fill(T.One);
        Step.Begin(GradientScale.Identity, decay, learningRate);
        return Step;
    }
}
