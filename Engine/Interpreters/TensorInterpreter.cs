using System.Numerics;

namespace Engine;

/// <summary>Runs a rule as operations on the tape.</summary>
internal sealed class TensorInterpreter<T>(string ruleName, IReadOnlyDictionary<string, Tensor<T>> hypers, DifferentiableState<T> at)
    : Interpreter<TensorLane<T>, TensorLane<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly long _t = at.Updates + 1;

    public TensorLane<T>[] Scalars { get; } = [.. at.Scalars];

    public override TensorLane<T> StepNumber => _t;

    public override TensorLane<T> GradientNorm => Norm;

    public TensorLane<T> Norm { get; init; }

    public override TensorLane<T> Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name)
    {
        TensorLane<T> lane = hypers.TryGetValue(name, out Tensor<T> tensor) ? tensor : value.At(at.Updates);
        range.Check(ruleName, lane.Single!.Value, _t, symbol, name);
        return lane;
    }

    public override TensorLane<T> ToElements(TensorLane<T> scalar) => scalar;

    public override TensorLane<T> LoadScalar(int index, double initial) => at.Updates == 0 ? initial : at.Scalars[index];

    public override void StoreScalar(int index, TensorLane<T> value) => Scalars[index] = value;
}
