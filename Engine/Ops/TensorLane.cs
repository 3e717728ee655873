using System.Numerics;

namespace Engine;

/// <summary>
/// The tensor lane: a generic formula that runs over it is recorded on the tape, so that it can be differentiated with respect to all its
/// inputs. Numbers stay numbers, in double precision, until they are combined with a tensor. A selection between single numbers is made
/// when the formula runs, so that only the selected branch is recorded.
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
    public Tensor<T> Tensor => _isTensor ? _tensor : Pairwise.Constant<T>(_number);

    /// <summary>Whether the value is a constant number.</summary>
    internal bool IsNumber => !_isTensor;

    /// <summary>The value, if it is a single one.</summary>
    internal double? Single => !_isTensor ? _number : _tensor.Length == 1 ? double.CreateTruncating(_tensor.Item) : null;

    /// <summary>A tensor as a lane.</summary>
    public static implicit operator TensorLane<T>(Tensor<T> tensor) => new(tensor);

    /// <inheritdoc/>
    public static implicit operator TensorLane<T>(double value) => new(value);

    /// <inheritdoc/>
    public static TensorLane<T> operator +(TensorLane<T> a, TensorLane<T> b) =>
        a._isTensor || b._isTensor ? a.Tensor + b.Tensor : a._number + b._number;

    /// <inheritdoc/>
    public static TensorLane<T> operator -(TensorLane<T> a, TensorLane<T> b) =>
        a._isTensor || b._isTensor ? a.Tensor - b.Tensor : a._number - b._number;

    /// <inheritdoc/>
    public static TensorLane<T> operator *(TensorLane<T> a, TensorLane<T> b) =>
        a._isTensor || b._isTensor ? a.Tensor * b.Tensor : a._number * b._number;

    /// <inheritdoc/>
    public static TensorLane<T> operator /(TensorLane<T> a, TensorLane<T> b) =>
        a._isTensor || b._isTensor ? a.Tensor / b.Tensor : a._number / b._number;

    /// <inheritdoc/>
    public static TensorLane<T> operator -(TensorLane<T> a) => a._isTensor ? -a._tensor : -a._number;

    /// <inheritdoc/>
    public static TensorLane<T> Sqrt(TensorLane<T> x) => Apply(new SqrtFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Abs(TensorLane<T> x) => Apply(new AbsFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Sign(TensorLane<T> x) => Apply(new SignFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Max(TensorLane<T> a, TensorLane<T> b) => Apply(new MaximumFunction(), a, b);

    /// <inheritdoc/>
    public static TensorLane<T> Min(TensorLane<T> a, TensorLane<T> b) => Apply(new MinimumFunction(), a, b);

    /// <inheritdoc/>
    public static TensorLane<T> Exp(TensorLane<T> x) => Apply(new ExpFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Log(TensorLane<T> x) => Apply(new LogFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Tanh(TensorLane<T> x) => Apply(new TanhFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> ExpM1(TensorLane<T> x) => Apply(new ExpM1Function(), x);

    /// <inheritdoc/>
    public static TensorLane<T> LogP1(TensorLane<T> x) => Apply(new LogP1Function(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Sin(TensorLane<T> x) => Apply(new SinFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Cos(TensorLane<T> x) => Apply(new CosFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Atan(TensorLane<T> x) => Apply(new AtanFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Erf(TensorLane<T> x) => Apply(new ErfFunction(), x);

    /// <inheritdoc/>
    public static TensorLane<T> Pow(TensorLane<T> x, TensorLane<T> y) => Apply(new PowFunction(), x, y);

    /// <inheritdoc/>
    public static TensorLane<T> WhereGreater(TensorLane<T> a, TensorLane<T> b, TensorLane<T> then, TensorLane<T> otherwise) =>
        a.Single is { } left && b.Single is { } right
        ? left > right ? then : otherwise
        : Tensor<T>.WhereGreater(a.Tensor, b.Tensor, then.Tensor, otherwise.Tensor);

    private static TensorLane<T> Apply<TFunction>(TFunction function, TensorLane<T> x)
        where TFunction : unmanaged, IUnaryFunction, IEquatable<TFunction> => x._isTensor
        ? x._tensor.Apply(function)
        : function.Value<Scalar<double>>(x._number).Value;

    private static TensorLane<T> Apply<TFunction>(TFunction function, TensorLane<T> a, TensorLane<T> b)
        where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> => a._isTensor || b._isTensor
        ? Tensor<T>.Apply(function, a.Tensor, b.Tensor)
        : function.Value<Scalar<double>>(a._number, b._number).Value;
}
