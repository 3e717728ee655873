using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>The distribution of the initial values of a parameter of a given shape.</summary>
/// <param name="shape">The parameter's shape; a weight is [outputs, inputs, …], as PyTorch has it.</param>
public delegate Distribution Initializer(Shape shape);

/// <summary>
/// Initial values of weights. With fanIn = inputs · (product of the further axes) and fanOut = outputs · (the same product), a weight's
/// variance is chosen so that signals (fanIn), gradients (fanOut) or both about alike keep their size from layer to layer.
/// </summary>
public static class Initializers
{
    /// <summary>
    /// He, for ReLU: uniform on ±√(6/fan) with the gain √2, in general on ±gain·√(3/fan); variance gain²/fan (He, Zhang, Ren, Sun: Delving
    /// deep into rectifiers, 2015).
    /// </summary>
    /// <param name="gain">√2 for ReLU, which is the default; see <see cref="Gain"/> for others.</param>
    /// <param name="fanOut">Whether fan is fanOut, which keeps gradients, instead of fanIn, which keeps signals.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not finite.</exception>
    public static Initializer HeUniform(double? gain = null, bool fanOut = false)
    {
        double square = SquareOrTwo(gain, nameof(HeUniform));
        return shape => Symmetric(3 * square, Fan(shape, fanOut, nameof(HeUniform)));
    }

    /// <summary>He, for ReLU: normal with mean 0 and variance 2/fan with the gain √2, in general gain²/fan.</summary>
    /// <param name="gain">√2 for ReLU, which is the default; see <see cref="Gain"/> for others.</param>
    /// <param name="fanOut">Whether fan is fanOut instead of fanIn.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not finite.</exception>
    public static Initializer HeNormal(double? gain = null, bool fanOut = false)
    {
        double square = SquareOrTwo(gain, nameof(HeNormal));
        return shape => Centered(square, Fan(shape, fanOut, nameof(HeNormal)));
    }

    /// <summary>
    /// Xavier, for tanh: uniform on ±gain·√(6/(fanIn + fanOut)) (Glorot, Bengio: Understanding the difficulty of training deep feedforward
    /// neural networks, 2010).
    /// </summary>
    /// <param name="gain">1; 5/3 is often taken before tanh, see <see cref="Gain"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not finite.</exception>
    public static Initializer XavierUniform(double gain = 1)
    {
        double square = SquareOrTwo(gain, nameof(XavierUniform));
        return shape => Symmetric(6 * square, Fans(shape, nameof(XavierUniform)));
    }

    /// <summary>Xavier, for tanh: normal with mean 0 and variance 2·gain²/(fanIn + fanOut).</summary>
    /// <param name="gain">1; 5/3 is often taken before tanh, see <see cref="Gain"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not finite.</exception>
    public static Initializer XavierNormal(double gain = 1)
    {
        double square = SquareOrTwo(gain, nameof(XavierNormal));
        return shape => Centered(2 * square, Fans(shape, nameof(XavierNormal)));
    }

    /// <summary>Uniform on [low, high), for any shape: mean (low + high)/2, variance (high − low)²/12.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or low is above high.</exception>
    public static Initializer Uniform(double low, double high)
    {
        Distribution distribution = Distribution.Uniform(low, high);
        return _ => distribution;
    }

    /// <summary>Normal, for any shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite, or the standard deviation is negative.</exception>
    public static Initializer Normal(double mean, double standardDeviation)
    {
        Distribution distribution = Distribution.Normal(mean, standardDeviation);
        return _ => distribution;
    }

    /// <summary>Normal under the condition that the value lies between two bounds, for any shape.</summary>
    /// <param name="mean">Of the normal distribution.</param>
    /// <param name="standardDeviation">
    /// Of the normal distribution, above 0; between ±2 standard deviations that of the values is 0.880 of it.
    /// </param>
    /// <param name="low">The lower bound; null for two standard deviations below the mean. PyTorch's default is −2.</param>
    /// <param name="high">The upper bound; null for two standard deviations above the mean. PyTorch's default is 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter is not finite, the standard deviation is not above 0, low is not below high, or both are so far out on one side that the
    /// probability between them is 0 in double precision.
    /// </exception>
    public static Initializer TruncatedNormal(double mean, double standardDeviation, double? low = null, double? high = null)
    {
        Distribution distribution = Distribution.TruncatedNormal(mean, standardDeviation, low, high);
        return _ => distribution;
    }

    /// <summary>All elements <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Initializer Constant(double value)
    {
        Distribution distribution = Distribution.Constant(value);
        return _ => distribution;
    }

    /// <summary>The identity, for matrices: <paramref name="gain"/> where row and column are equal, 0 elsewhere.</summary>
    /// <remarks>The initializer throws an <see cref="ArgumentException"/> for a shape that does not have two dimensions.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not finite.</exception>
    public static Initializer Identity(double gain = 1)
    {
        Distribution.Finite(gain, nameof(Identity));
        return shape => shape.Rank == 2
            ? Distribution.Identity(shape[0], shape[1], gain)
            : throw new ArgumentException($"Identity: got the shape {shape}, expected two dimensions.", nameof(shape));
    }

    /// <summary>
    /// The gain times a matrix W with WWᵀ = I, or WᵀW = I if it has more rows than columns, uniform among all of them (Haar): each element
    /// has the mean 0 and the variance gain²/max(rows, columns) (Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of
    /// learning in deep linear neural networks, 2014). A weight of more axes counts as the matrix [outputs, all others].
    /// </summary>
    /// <remarks>
    /// W is Q of the decomposition QR of a matrix of normal numbers, with a positive diagonal of R. It is computed in double precision, and
    /// takes about 4·rows·columns·min(rows, columns) operations.
    /// </remarks>
    /// <param name="gain">The singular values of the result; see <see cref="Gain"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not finite.</exception>
    public static Initializer Orthogonal(double gain = 1)
    {
        Distribution.Finite(gain, nameof(Orthogonal));
        return shape => Distribution.Orthogonal(Rows(shape, nameof(Orthogonal)), shape.ElementCount(1, shape.Rank), gain);
    }

    /// <summary>
    /// Normal with mean 0, where in each column ⌈sparsity·rows⌉ elements at random places are 0: each input reaches the same number of
    /// outputs (J. Martens: Deep learning via Hessian-free optimization, 2010). A weight of more axes counts as the matrix [outputs, all
    /// others].
    /// </summary>
    /// <param name="sparsity">The fraction of zeros in each column, from 0 to 1.</param>
    /// <param name="standardDeviation">Of the elements that are not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The fraction is not from 0 to 1, or the standard deviation is negative or not finite.
    /// </exception>
    public static Initializer Sparse(double sparsity, double standardDeviation = 0.01)
    {
        if (!(sparsity >= 0 && sparsity <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(sparsity),
                string.Create(CultureInfo.InvariantCulture, $"Sparse: got the sparsity {sparsity}, expected a number from 0 to 1."));
        }
        _ = Distribution.Normal(0, standardDeviation, nameof(Sparse));
        return shape =>
        {
            int rows = Rows(shape, nameof(Sparse));
            int zeros = (int)Math.Ceiling(sparsity * rows * (1 - 1e-12)); // 0.07·100 is above 7 by rounding
            return Distribution.Sparse(rows, shape.ElementCount(1, shape.Rank), standardDeviation, zeros);
        };
    }

    /// <summary>
    /// The gain of a nonlinearity, as PyTorch's calculate_gain: the factor for the weights' standard deviation that keeps the variance of
    /// signals about the same through a layer and the nonlinearity after it. 1 for none and for the sigmoid, 5/3 for tanh, √2 for ReLU,
    /// √(2/(1 + slope²)) for the leaky ReLU, 3/4 for SELU.
    /// </summary>
    /// <param name="nonlinearity">The nonlinearity.</param>
    /// <param name="negativeSlope">The slope below 0 of the leaky ReLU; not used for others.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The nonlinearity is not a defined value, or the slope is not finite.
    /// </exception>
    public static double Gain(Nonlinearity nonlinearity, double negativeSlope = 0.01) => nonlinearity switch
    {
        Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
        Nonlinearity.Tanh => 5.0 / 3,
        Nonlinearity.Relu => Math.Sqrt(2),
        Nonlinearity.LeakyRelu => Math.Sqrt(2 / (1 + Distribution.Finite(negativeSlope, nameof(Gain)) * negativeSlope)),
        Nonlinearity.Selu => 0.75,
        _ => throw new ArgumentOutOfRangeException(
            nameof(nonlinearity),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Gain: got the nonlinearity {(int)nonlinearity}, expected one of {string.Join(", ", Enum.GetNames<Nonlinearity>())}.")),
    };

    /// <summary>A tensor with random elements from an initializer: element i is computed from the key's number i.</summary>
    /// <exception cref="ArgumentException">
    /// The initializer needs a matrix or a fan and the shape has fewer than two dimensions; or a value may be too large for
    /// <typeparamref name="T"/>.
    /// </exception>
    public static Tensor<T> Create<T>(this Initializer initializer, in Shape shape, RandomKey key)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(initializer);
        return Tensor<T>.Random(shape, key, initializer(shape));
    }

    /// <summary>The number of inputs that each output of a weight [outputs, inputs, …] is computed from.</summary>
    /// <exception cref="ArgumentException">The shape has fewer than two dimensions.</exception>
    public static int FanIn(Shape shape) => Fan(shape, fanOut: false, nameof(FanIn));

    /// <summary>The number of outputs that each input of a weight [outputs, inputs, …] contributes to.</summary>
    /// <exception cref="ArgumentException">The shape has fewer than two dimensions.</exception>
    public static int FanOut(Shape shape) => Fan(shape, fanOut: true, nameof(FanOut));

    private static double Fans(in Shape shape, string operation) => (double)Fan(shape, false, operation) + Fan(shape, true, operation);

    private static int Fan(in Shape shape, bool fanOut, string operation)
    {
        if (shape.Rank < 2)
        {
            throw new ArgumentException(
                $"{operation}: got the shape {shape}, expected at least two dimensions [outputs, inputs, …]: fewer have no fan.",
                nameof(shape));
        }
        long fan = (long)shape[fanOut ? 0 : 1] * shape.ElementCount(2, shape.Rank);
        return fan > int.MaxValue ? 0 : (int)fan; // only a weight without elements can have it
    }

    private static int Rows(in Shape shape, string operation) => shape.Rank >= 2
        ? shape[0]
        : throw new ArgumentException(
            $"{operation}: got the shape {shape}, expected at least two dimensions [outputs, inputs, …].", nameof(shape));

    // squared, the machine's √2 is not 2
    private static double SquareOrTwo(double? gain, string operation) =>
        gain is { } factor ? Distribution.Finite(factor, operation) * factor : 2;

    private static Distribution Symmetric(double square, double fan)
    {
        double bound = Math.Sqrt(PerFan(square, fan));
        return Distribution.Uniform(-bound, bound);
    }

    private static Distribution Centered(double square, double fan) => Distribution.Normal(0, Math.Sqrt(PerFan(square, fan)));

    // a fan of zero belongs to a weight without elements
    private static double PerFan(double square, double fan) => fan == 0 ? 0 : square / fan;
}
