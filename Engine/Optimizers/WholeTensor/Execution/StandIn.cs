using System.Numerics;

namespace Engine;

/// <summary>
/// A parameter of one element on which a rule runs before it runs on those that count: whatever a hyper-parameter out of its range throws, it throws here, where nothing is lost.
/// </summary>
internal sealed class StandIn<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T> _parameter;

    public StandIn(string ruleName, int rank, Func<Shape, IReadOnlyList<StateArray>> state, int scalars)
    {
        Span<int> extents = stackalloc int[rank];
        extents.Fill(1);
        Shape shape = new(extents);
        _parameter = new Parameter<T>("stand-in", Tensor<T>.Full(shape, T.One));
        _parameter.SetGradient(Tensor<T>.Full(shape, T.One));
        Member = new Member<T>(_parameter) { Moves = true };
        Member.Prepare(state(shape), scalars);
        Step = new TensorStep<T>(Member, ruleName, new Scratch<T>(), new Scratch<double>());
    }

    public Member<T> Member { get; }

    public TensorStep<T> Step { get; }

    /// <summary>The step after <paramref name="updates"/> others, of a parameter and a gradient of one.</summary>
    public TensorStep<T> Begin(long updates, WeightDecay decay, Hyperparameter learningRate)
    {
        Member.Updates = updates;
        _parameter.Value.Output.Fill(T.One);
        Step.Begin(1, double.PositiveInfinity, decay, learningRate);
        return Step;
    }
}
