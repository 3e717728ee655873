using System.Numerics;

namespace Engine;

/// <summary>
/// A formula read as operations on the tape: run a generic formula over this lane, and it can be differentiated by all that went into it. Numbers stay numbers, in double precision,
/// until they meet a tensor. A choice between single numbers is made when the formula runs, so that only what was chosen is on the tape; and where an operation's output gets no
/// gradient, its inputs get none, even where a derivative is infinite: √0 behind a zero gradient gives 0, not NaN.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct TensorLane<T> : ILane<TensorLane<T>> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tensor<T> _tensor;
    private readonly double _number;
    private readonly bool _isTensor;

    private TensorLane(in Tensor<T> tensor)
    {
        _tensor = tensor;
        _isTensor = true;
    }

    private TensorLane(double number) => _number = number;

    /// <summary>The value as a tensor; a number becomes one of no axes.</summary>
    public Tensor<T> Tensor => _isTensor ? _tensor : Binary.Constant<T>(_number);

    /// <summary>The value, if it is a single one.</summary>
    internal double? Single => !_isTensor ? _number : _tensor.Length == 1 ? double.CreateTruncating(_tensor.Item) : null;

    /// <summary>A tensor as a lane.</summary>
    public static implicit operator TensorLane<T>(Tensor<T> tensor) => new(tensor);

    /// <inheritdoc/>
    public static implicit operator TensorLane<T>(double value) => new(value);

    /// <inheritdoc/>
    public static TensorLane<T> operator +(TensorLane<T> a, TensorLane<T> b) => a._isTensor || b._isTensor ? a.Tensor + b.Tensor : a._number + b._number;

    /// <inheritdoc/>
    public static TensorLane<T> operator -(TensorLane<T> a, TensorLane<T> b) => a._isTensor || b._isTensor ? a.Tensor - b.Tensor : a._number - b._number;

    /// <inheritdoc/>
    public static TensorLane<T> operator *(TensorLane<T> a, TensorLane<T> b) => a._isTensor || b._isTensor ? a.Tensor * b.Tensor : a._number * b._number;

    /// <inheritdoc/>
    public static TensorLane<T> operator /(TensorLane<T> a, TensorLane<T> b) => Apply<Quotient>(a, b);

    /// <inheritdoc/>
    public static TensorLane<T> operator -(TensorLane<T> a) => a._isTensor ? -a._tensor : -a._number;

    /// <inheritdoc/>
    public static TensorLane<T> Sqrt(TensorLane<T> x) => x._isTensor ? GuardedUnary<SqrtOp.Formula, T>.Apply(x._tensor) : Scalar<double>.Sqrt(x._number).Value;

    /// <inheritdoc/>
    public static TensorLane<T> Abs(TensorLane<T> x) => x._isTensor ? x._tensor.Abs() : Scalar<double>.Abs(x._number).Value;

    /// <inheritdoc/>
    public static TensorLane<T> Sign(TensorLane<T> x) => x._isTensor ? x._tensor.Sign() : Scalar<double>.Sign(x._number).Value;

    /// <inheritdoc/>
    public static TensorLane<T> Max(TensorLane<T> a, TensorLane<T> b) => Apply<MaximumOp.Formula>(a, b);

    /// <inheritdoc/>
    public static TensorLane<T> Min(TensorLane<T> a, TensorLane<T> b) => Apply<MinimumOp.Formula>(a, b);

    /// <inheritdoc/>
    public static TensorLane<T> Exp(TensorLane<T> x) => x._isTensor ? x._tensor.Exp() : Scalar<double>.Exp(x._number).Value;

    /// <inheritdoc/>
    public static TensorLane<T> Log(TensorLane<T> x) => x._isTensor ? GuardedUnary<LogOp.Formula, T>.Apply(x._tensor) : Scalar<double>.Log(x._number).Value;

    /// <inheritdoc/>
    public static TensorLane<T> Tanh(TensorLane<T> x) => x._isTensor ? x._tensor.Tanh() : Scalar<double>.Tanh(x._number).Value;

    /// <inheritdoc/>
    public static TensorLane<T> Pow(TensorLane<T> x, TensorLane<T> y) => Apply<PowOp.Formula>(x, y);

    /// <inheritdoc/>
    public static TensorLane<T> WhereGreater(TensorLane<T> a, TensorLane<T> b, TensorLane<T> then, TensorLane<T> otherwise) => a.Single is { } left && b.Single is { } right
        ? left > right ? then : otherwise
        : Tensor<T>.WhereGreater(a.Tensor, b.Tensor, then.Tensor, otherwise.Tensor);

    private static TensorLane<T> Apply<TFormula>(TensorLane<T> a, TensorLane<T> b) where TFormula : struct, IBivariate => a._isTensor || b._isTensor
        ? Bivariate<TFormula, T>.Apply(a.Tensor, b.Tensor)
        : TFormula.F<Scalar<double>>(a._number, b._number).Value;

    /// <summary>a / b. Its derivatives give nothing where they get nothing, unlike those of the operator on tensors.</summary>
    private readonly struct Quotient : IBivariate
    {
        public static string Name => "Divide";

        public static L F<L>(L a, L b) where L : ILane<L> => a / b;

        public static L DerivativeA<L>(L a, L b) where L : ILane<L> => 1 / b;

        public static L DerivativeB<L>(L a, L b) where L : ILane<L> => -(a / b) / b;
    }
}
