using System.Numerics;

namespace Engine;

/// <summary>Runs a rule as operations on the tape.</summary>
internal sealed class TensorInterpreter<T>(RuleDeclaration declaration, IReadOnlyDictionary<string, Tensor<T>> hypers,
    DifferentiableState<T> at) : Interpreter<TensorLane<T>, TensorLane<T>>(declaration)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly long _t = at.Updates + 1;

    public TensorLane<T>[] Scalars { get; } = [.. at.Scalars];

    public override TensorLane<T> StepNumber => _t;

    protected override TensorLane<T> DeclaredNorm => Norm;

    public TensorLane<T> Norm { get; init; }

    public override TensorLane<T> Hyper(Hyperparameter value, string symbol, HyperparameterRange range, string name)
    {
        TensorLane<T> lane = hypers.TryGetValue(name, out Tensor<T> tensor) ? tensor : value.At(at.Updates);
        range.Check<T>(Declaration.Name, lane.Single!.Value, _t, symbol, name);
        return lane;
    }

    public override TensorLane<T> ToElements(TensorLane<T> scalar) => scalar;

    protected override TensorLane<T> LoadDeclared(int index, double initial) => at.Updates == 0 ? initial : at.Scalars[index];

    protected override void StoreDeclared(int index, TensorLane<T> value) => Scalars[index] = value;
}
